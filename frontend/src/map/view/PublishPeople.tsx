import { useScene } from "../context";
import type { Ref } from "../model/types";
import type { Crowd, Lack, Moves, People, Wanted } from "../server";
import { Wide } from "./Wide";

type Choice = { wanted: Wanted; choose: (more: Partial<Wanted>) => void };

/** Whether those who match a starting point already come in as well: offered where one of them is a state. */
export function MatchingAlready({ crowd, wanted, choose }: { crowd: Crowd } & Choice) {
  const { words } = useScene();
  const asked = crowd.matching - crowd.at_once;
  if (!crowd.states.length || (crowd.at_once > 0 && asked === 0)) return null;
  return (
    <section>
      <label className="form-check">
        <input className="form-check-input" type="checkbox" checked={wanted.already} disabled={asked === 0} onChange={(event) => choose({ already: event.target.checked })} />
        <span className="form-check-label">{words.t(crowd.whole ? "those_who_match" : "those_who_match_least", { n: asked })}</span>
        <span className="form-check-description">
          {words.t(asked === 0 ? "nobody_matches" : "those_who_match_help")} {crowd.been > 0 && words.t("been_there", { n: crowd.been })}
        </span>
      </label>
    </section>
  );
}

/** By channel: who could get the messages of the journey, and who would get nothing. */
export function WhoGetsNothing({ crowd }: { crowd: Crowd }) {
  const { words } = useScene();
  if (!crowd.lacks.length) return null;
  const least = crowd.whole ? "" : ` ${words.t("at_least_so_many")}`;
  return (
    <section>
      <h3 className="h4">{words.t("who_gets_nothing")}</h3>
      <Lacks lacks={crowd.lacks} caption={words.t(crowd.known ? "of_those_who_could_come" : "of_all_contacts", { n: crowd.asked }) + least} />
      {crowd.matching > 0 && (!crowd.known || crowd.matching < crowd.asked) && (
        <Lacks lacks={crowd.lacks_already} caption={words.t("of_those_who_match", { n: crowd.matching }) + least} />
      )}
    </section>
  );
}

const COLUMNS = ["could", "unsubscribed", "no_consent", "no_address", "paused", "suppressed", "capped"] as const;

function Lacks({ lacks, caption }: { lacks: Lack[]; caption: string }) {
  const { words } = useScene();
  return (
    <Wide label={caption}>
      <table className="table table-sm publish-road">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.t("channel")}</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {words.t(`lack_${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lacks.map((lack) => (
            <tr key={lack.channel}>
              <th scope="row">{words.t(`by_${lack.channel}`)}</th>
              {COLUMNS.map((name) => (
                <td key={name} className="num">
                  {words.number(lack[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** Plain sentences: what happens when the button is pressed, and what after that. */
export function WhatComesFirst({ people, moves, title, wanted }: { people: People; moves: Moves[]; title: (ref: Ref) => string; wanted: Wanted }) {
  const { words } = useScene();
  const said: string[] = [];
  if (wanted.already && people.crowd) said.push(words.t("first_already", { n: people.crowd.matching - people.crowd.at_once }));
  if (wanted.move) said.push(words.t("first_move", { n: moves.reduce((sum, each) => sum + each.can, 0) }));
  if (wanted.move && wanted.anew)
    for (const line of moves.flatMap((each) => each.standing))
      if (line.at_once) said.push(words.t("first_at_once", { n: line.at_once, point: title(line.point as Ref) }));
  said.push(...people.first);
  if (!said.length) return null;
  return (
    <section>
      <h3 className="h4">{words.t("what_comes_first")}</h3>
      <ul>
        {said.map((each) => (
          <li key={each} dir={words.rtl ? "rtl" : "ltr"}>
            {each}
          </li>
        ))}
      </ul>
    </section>
  );
}
