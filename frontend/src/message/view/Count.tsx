import { useScene } from "../context";
import type { Sms } from "../types";

/** How a network carries the SMS that is shown: counted by the server, filled in for the contact of the preview. */
export function Count({ sms }: { sms: Sms }) {
  const { words } = useScene();
  return (
    <p className="sms-count" role="status">
      <strong>{words.t("sms_parts", { n: sms.parts })}</strong>
      <span>{words.t("sms_letters", { n: sms.letters, room: sms.room })}</span>
      <span>{words.t(sms.alphabet === "gsm7" ? "sms_gsm" : "sms_ucs2")}</span>
    </p>
  );
}
