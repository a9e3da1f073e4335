import { useScene } from "../context";
import type { Ref } from "../model/types";
import type { Moves, Wanted } from "../server";
import { Wide } from "./Wide";

type Props = { moves: Moves[]; title: (ref: Ref) => string; wanted: Wanted; choose: (more: Partial<Wanted>) => void };

/** How many people stand where, who of them can move to the new version and why the others cannot; and the choice. */
export function OnTheRoad({ moves, title, wanted, choose }: Props) {
  const { words } = useScene();
  const can = moves.reduce((sum, each) => sum + each.can, 0);
  const people = moves.reduce((sum, each) => sum + each.people, 0);
  const lines = moves.flatMap((each) => each.standing.map((one) => ({ version: each.number, ...one })));
  const several = moves.length > 1;
  return (
    <section>
      <h3 className="h4">{words.t("on_the_road", { n: people })}</h3>
      {lines.length > 0 && (
        <Wide label={words.t("on_the_road", { n: people })}>
          <table className="table table-sm publish-road">
            <thead>
              <tr>
                {several && <th scope="col">{words.t("version")}</th>}
                <th scope="col">{words.t("point")}</th>
                <th scope="col">{words.t("stand_there")}</th>
                <th scope="col">{words.t("can_move")}</th>
                <th scope="col">{words.t("cannot_move")}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={`${line.version} ${line.point}`}>
                  {several && <td className="num">{words.number(line.version)}</td>}
                  <td>
                    <bdi dir={words.rtl ? "rtl" : "ltr"}>{title(line.point)}</bdi>
                  </td>
                  <td className="num">{words.number(line.people)}</td>
                  <td className="num">{words.number(line.can)}</td>
                  <td>{line.cannot.length ? line.cannot.map((why) => <div key={why.said}>{`${why.said}: ${words.number(why.n)}`}</div>) : "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {people > 0 && (
        <fieldset>
          <legend className="visually-hidden">{words.t("on_the_road", { n: people })}</legend>
          <label className="form-check">
            <input className="form-check-input" type="radio" name="road" checked={!wanted.move} onChange={() => choose({ move: false, anew: false })} />
            <span className="form-check-label">{words.t("stay_on_theirs")}</span>
          </label>
          <label className="form-check">
            <input className="form-check-input" type="radio" name="road" checked={wanted.move} disabled={can === 0} onChange={() => choose({ move: true })} />
            <span className="form-check-label">{words.t("move_to_new", { n: can })}</span>
            <span className="form-check-description">{words.t(can < people ? "move_help_some" : "move_help", { n: people - can })}</span>
          </label>
          {wanted.move && (
            <label className="form-check ms-4">
              <input className="form-check-input" type="checkbox" checked={wanted.anew} onChange={(event) => choose({ anew: event.target.checked })} />
              <span className="form-check-label">{words.t("reckon_anew")}</span>
            </label>
          )}
        </fieldset>
      )}
    </section>
  );
}
