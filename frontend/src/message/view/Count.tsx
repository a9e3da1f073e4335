import { useState } from "react";

import { useScene } from "../context";
import { askLeft } from "../server";
import type { Sms } from "../types";

/** How a network carries the SMS that is shown: counted by the server, filled in for the contact of the preview. */
export function Count({ sms }: { sms: Sms }) {
  const { boot, words } = useScene();
  return (
    <p className="sms-count" role="status">
      <strong>{words.t("sms_parts", { n: sms.parts })}</strong>
      <span>{words.t("sms_letters", { n: sms.letters, room: sms.room })}</span>
      <span>{words.t(sms.alphabet === "gsm7" ? "sms_gsm" : "sms_ucs2")}</span>
      {sms.cost !== undefined ? (
        <strong>{words.t("sms_cost", { cost: sms.cost, n: sms.parts, price: sms.price ?? "" })}</strong>
      ) : (
        <span>
          {words.t("sms_no_price")} {boot.urls.senders && <a href={boot.urls.senders}>{words.t("sms_set_price")}</a>}
        </span>
      )}
      {boot.urls.left && <LeftAtService url={boot.urls.left} />}
    </p>
  );
}

/** What the account has left: the service is asked when somebody wants to know. */
function LeftAtService({ url }: { url: string }) {
  const { words } = useScene();
  const [said, setSaid] = useState<string | null>(null);
  const ask = () => {
    setSaid(words.t("sms_asking"));
    askLeft(url).then(setSaid, () => setSaid(words.t("offline")));
  };
  return said === null ? (
    <button type="button" className="btn btn-sm" onClick={ask}>
      {words.t("sms_ask_left")}
    </button>
  ) : (
    <span>
      {words.t("sms_left")} <span dir="auto">{said}</span>
    </span>
  );
}
