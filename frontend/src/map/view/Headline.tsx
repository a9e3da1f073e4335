import { useScene } from "../context";
import type { Figures } from "../model/types";
import { Item } from "./lines";
import { WholeMoney } from "./MoneyFigures";
import { sum } from "./numbers";

/** The journey as a whole: matched = entered + held out + refused, who is on the road, and the goal. */
export function Headline({ figures }: { figures: Figures | null }) {
  const { boot, words } = useScene();
  if (!figures) return null;
  const refused = sum(figures.refused);
  const others = sum(figures.other_versions);
  return (
    <div className="headline" data-testid="headline">
      <Item label={words.t("matched")} value={figures.matched} />
      <Item label={words.t("entered")} value={figures.entered} />
      {figures.held_out > 0 && <Item label={words.t("held_out")} value={figures.held_out} />}
      {refused > 0 && (
        <Item
          label={words.t("refused")}
          value={refused}
          title={Object.entries(figures.refused)
            .map(([reason, n]) => `${words.t(`refusal_${reason}`)}: ${words.number(n)}`)
            .join("\n")}
        />
      )}
      <Item label={words.t("on_road")} value={figures.standing} />
      {others > 0 && (
        <a href={boot.urls.moves}>
          <Item label={words.t("on_other_versions")} value={others} />
        </a>
      )}
      <Item label={words.t("goals")} value={figures.goals} />
      {Number(figures.money) > 0 && <Item label={words.t("money")} text={figures.money_said} />}
      <WholeMoney whole={figures.whole} lift={figures.lift} />
      {!figures.closes && <span className="badge bg-red-lt">{words.t("books_open")}</span>}
    </div>
  );
}
