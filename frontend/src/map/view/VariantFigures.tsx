import { useScene } from "../context";
import type { Ref, Variants } from "../model/types";
import { Line, Text } from "./lines";

/** What is compared at a point: each variant by the metric, and which is ahead. */
export function VariantFigures({ variants, point }: { variants: Variants; point: Ref }) {
  const { boot, words } = useScene();
  const sent = (variant: string) => `${boot.urls.sent}&${new URLSearchParams({ point: point.replace(/^[^.]*\./, ""), variant, state: "sent" })}`;
  const figure = (points = 0) => words.number(Math.round(points * 10) / 10);
  const said = words.t(`variants_${variants.verdict ?? "unknown"}`, {
    name: variants.name ?? "",
    points: figure(variants.points),
    low: figure(variants.low),
    high: figure(variants.high),
    least: variants.least,
  });
  return (
    <>
      <Text label={words.t("variants_by", { metric: words.t(`metric_${variants.metric}`) })} text="" heading />
      {variants.lines.map(({ name, sent: got, did }) =>
        did === null || got === 0 ? (
          <Line key={name} label={name} value={got} href={sent(name)} />
        ) : (
          <Text key={name} label={name} text={`${words.t("variant_line", { did, sent: got })} · ${words.percent(did / got)}`} />
        ),
      )}
      <p className="figures-none">{said}</p>
    </>
  );
}
