import { useScene } from "../context";
import type { Cost, Earned, Lift, Money } from "../model/types";
import type { Words } from "../words";
import { Item, Text } from "./lines";

/** What is earned, as text: the amount, or why there is none. */
export function earnedText(earned: Earned, words: Words): string {
  if (earned.money !== undefined) return earned.unpriced ? `${earned.money} (${words.t("earned_unpriced", { n: earned.unpriced })})` : earned.money;
  if (earned.why === "no_amount") return words.t("earned_no_amount", { n: earned.orders ?? 0 });
  return words.t(earned.why === "no_goal" ? "earned_no_goal" : "reckoning");
}

/** What was paid, as text; null where nothing was, but for what the mailbox kept. */
export function costText(cost: Cost, words: Words): string | null {
  if (cost.why) return words.t(cost.why === "reckoning" ? "reckoning" : `cost_${cost.why}`);
  if (cost.money === undefined) return null;
  return cost.unpriced ? `${cost.money} (${words.t("cost_unpriced", { n: cost.unpriced })})` : cost.money;
}

const earnedTitle = ({ orders, people }: Earned, words: Words) => (orders ? words.t("earned_of", { orders, people: people ?? 0 }) : undefined);

/** Earned and cost of one point. */
export function MoneyFigures({ money }: { money: Money }) {
  const { words } = useScene();
  const cost = costText(money.cost, words);
  return (
    <>
      <Text label={words.t("earned")} text={earnedText(money.earned, words)} title={earnedTitle(money.earned, words)} />
      {cost !== null && <Text label={words.t("cost")} text={cost} />}
      {money.cost.kept !== undefined && <Text label={words.t("cost_kept")} text={money.cost.kept} />}
    </>
  );
}

/** Earned, cost and lift of the journey. */
export function WholeMoney({ whole, lift }: { whole: Money; lift: Lift | null }) {
  const { words } = useScene();
  const cost = costText(whole.cost, words);
  return (
    <>
      <Item label={words.t("earned")} text={earnedText(whole.earned, words)} title={earnedTitle(whole.earned, words)} quiet={whole.earned.money === undefined} />
      {cost !== null && <Item label={words.t("cost")} text={cost} quiet={whole.cost.money === undefined} />}
      {whole.cost.kept !== undefined && <Item label={words.t("cost_kept")} text={whole.cost.kept} />}
      {lift && <Item label={words.t("lift")} text={liftText(lift, words)} title={lift.why ? undefined : liftTitle(lift, words)} quiet />}
    </>
  );
}

function liftText(lift: Lift, words: Words): string {
  if (lift.why) return words.t("lift_few", { held: lift.held, least: lift.least ?? 0 });
  const less = lift.sure && lift.high < 0;
  const figure = (points: number) => words.number(Math.round((less ? -points : points) * 10) / 10);
  const [low, high] = less ? [lift.high, lift.low] : [lift.low, lift.high];
  return words.t(less ? "lift_less" : lift.sure ? "lift_points" : "lift_chance", { points: figure(lift.points), low: figure(low), high: figure(high) });
}

const liftTitle = (lift: Lift, words: Words) =>
  words.t("lift_of", { people: lift.people, share: words.percent(lift.share), held: lift.held, held_share: words.percent(lift.held_share) });
