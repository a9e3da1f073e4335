import { useEffect, useState } from "react";

import { useScene } from "../context";
import { askLeft, type Costs } from "../server";
import { Wide } from "./Wide";

/** Before sending: parts and cost of each SMS to one person, and what the account has left, which the service is asked for beside it. */
export function WhatItCosts({ costs }: { costs: Costs }) {
  const { words } = useScene();
  const [left, setLeft] = useState<{ said: string; known: boolean } | null>(null);
  const asks = costs.sms.length > 0 && costs.left !== "";
  useEffect(() => {
    if (!asks) return;
    let current = true;
    askLeft(costs.left)
      .then((told) => current && setLeft(told))
      .catch(() => current && setLeft({ said: words.t("no_connection"), known: false }));
    return () => {
      current = false;
    };
  }, [asks, costs.left, words]);
  if (!costs.sms.length) return null;
  return (
    <section className="publish-costs">
      <h3 className="h4">{words.t("sms_costs")}</h3>
      <Wide label={words.t("sms_costs")}>
        <table className="table table-sm publish-road">
          <thead>
            <tr>
              <th scope="col">{words.t("by_sms")}</th>
              <th scope="col">{words.t("sms_parts")}</th>
              <th scope="col">{words.t("sms_cost_each")}</th>
            </tr>
          </thead>
          <tbody>
            {costs.sms.map((one) => (
              <tr key={one.title}>
                <th scope="row" dir="auto">
                  {one.title}
                </th>
                <td className="num">{words.number(one.parts)}</td>
                <td className="num">{one.cost ?? <span className="text-secondary">{words.t("sms_no_price")}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {asks && (
        <p role="status">
          {words.t("sms_left")}{" "}
          <span className={left?.known ? "fw-bold" : "text-secondary"} dir="auto">
            {left ? left.said : words.t("sms_asking")}
          </span>
        </p>
      )}
    </section>
  );
}
