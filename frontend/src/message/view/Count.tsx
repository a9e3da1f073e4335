import { useScene } from "../context";
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
    </p>
  );
}
