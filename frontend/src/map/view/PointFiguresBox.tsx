import { useBoard, useScene } from "../context";
import { isStart } from "../model/graph";
import type { Messages, PointFigures, Ref } from "../model/types";
import { Line, Text } from "./lines";
import { MoneyFigures } from "./MoneyFigures";
import { pathsOf, sum } from "./numbers";
import { VariantFigures } from "./VariantFigures";

/** All figures of a point, each leading to the people behind it. */
export function PointFiguresBox({ point, figures }: { point: Ref; figures: PointFigures | null }) {
  const { boot, kinds, words } = useScene();
  const board = useBoard();
  if (!figures) return <p className="figures-none">{words.t("not_live_yet_long")}</p>;
  const people = (figure: string, name = "") => `${boot.urls.people}?${new URLSearchParams({ point, figure, ...(name ? { name } : {}) })}`;
  return (
    <dl className="figures">
      <Line label={words.t("entered")} value={figures.entered} href={people("entered")} />
      {!isStart(point) && (
        <>
          <Line label={words.t("standing_now")} value={figures.standing} href={people("standing")} />
          {figures.standing > 0 && figures.oldest && <Text label={words.t("oldest")} text={words.moment(figures.oldest)} />}
          {figures.standing > 0 && figures.due && <Text label={words.t("next_due")} text={words.moment(figures.due)} />}
          <StayFigure stay={figures.stay} />
          {pathsOf(figures, board.draft, kinds, point).map(([path, n]) => (
            <Line key={path} label={words.t("went_by", { path: words.path(path) })} value={n} share={n / sum(figures.paths)} href={people("path", path)} />
          ))}
          {Object.entries(figures.left).map(([reason, n]) => (
            <Line key={reason} label={words.t("left_because", { reason: reasonOf(words, reason) })} value={n} href={people("left", reason)} />
          ))}
          {figures.set_aside > 0 && <Line label={words.t("set_aside")} value={figures.set_aside} href={people("set_aside")} />}
          {figures.messages && <MessageFigures messages={figures.messages} point={point} />}
          {figures.variants && <VariantFigures variants={figures.variants} point={point} />}
          <Books figures={figures} />
        </>
      )}
    </dl>
  );
}

type Words = ReturnType<typeof useScene>["words"];
export const reasonOf = (words: Words, reason: string): string => {
  const text = words.t(`reason_${reason}`);
  return text === `reason_${reason}` ? reason : text;
};

function MessageFigures({ messages, point }: { messages: Messages; point: Ref }) {
  const { boot, words } = useScene();
  const sent = (state: string, reason = "") => `${boot.urls.sent}&${new URLSearchParams({ point: point.replace(/^[^.]*\./, ""), state, ...(reason ? { reason } : {}) })}`;
  const unknown = (["delivered", "opened", "clicked", "unsubscribed"] as const).filter((name) => messages[name] === null);
  const told = (["delivered", "opened", "clicked", "unsubscribed"] as const).filter((name) => messages[name] !== null);
  return (
    <>
      <Text label={words.t("messages")} text="" heading />
      <Line label={words.t("sent")} value={messages.sent} href={sent("sent")} />
      {messages.waiting > 0 && <Line label={words.t("waiting_to_go")} value={messages.waiting} />}
      {(messages.over_budget ?? 0) > 0 && <Line label={words.t("over_budget")} value={messages.over_budget!} />}
      {Object.entries(messages.skipped).map(([reason, n]) => (
        <Line key={reason} label={words.t("skipped_because", { reason: reasonOf(words, reason) })} value={n} href={sent("skipped", reason)} />
      ))}
      {Object.entries(messages.failed).map(([reason, n]) => (
        <Line key={reason} label={words.t("failed_because", { reason: reasonOf(words, reason) })} value={n} href={sent("failed", reason)} />
      ))}
      {Object.entries(messages.undelivered ?? {}).map(([reason, n]) => (
        <Line key={reason} label={words.t("undelivered_because", { reason: reasonOf(words, reason) })} value={n} href={sent("undelivered", reason)} />
      ))}
      {messages.in_doubt > 0 && <Line label={words.t("in_doubt")} value={messages.in_doubt} href={sent("in_doubt")} />}
      {told.map((name) => (
        <Line
          key={name}
          label={words.t(name)}
          value={messages[name]!}
          {...(messages.sent > 0 && name !== "delivered" ? { share: messages[name]! / messages.sent } : {})}
          {...(name !== "delivered" ? { href: sent(name) } : {})}
        />
      ))}
      <MoneyFigures money={messages} />
      {unknown.length > 0 && <p className="figures-none">{words.t("no_source", { what: unknown.map((name) => words.t(name)).join(words.rtl ? "، " : ", ") })}</p>}
      <p className="figures-none">{words.t("messages_of_all_versions")}</p>
    </>
  );
}

/** The books of the point, as one line that can be checked by whoever reads it. */
function Books({ figures }: { figures: PointFigures }) {
  const { words } = useScene();
  const parts = [
    [words.t("standing"), figures.standing],
    [words.t("went_on"), sum(figures.paths)],
    [words.t("left"), sum(figures.left)],
    [words.t("set_aside"), figures.set_aside],
  ] as const;
  const total = parts.reduce((all, [, n]) => all + n, figures.moved);
  const shown = parts.filter(([, n], at) => n > 0 || at < 2).map(([label, n]) => `${words.number(n)} ${label}`);
  return (
    <p className={total === figures.entered ? "books" : "books books-open"}>
      {words.t("books", { entered: figures.entered })} {shown.join(" + ")}
    </p>
  );
}

export function StayFigure({ stay }: { stay: PointFigures["stay"] }) {
  const { words } = useScene();
  if (stay === undefined) return null;
  const text = stay === null ? words.t("reckoning") : stay.seconds === null ? words.t("stay_none") : words.span(stay.seconds);
  return <Text label={words.t("stay")} text={text} title={stay?.people ? words.t("stay_of", { n: stay.people }) : undefined} />;
}
