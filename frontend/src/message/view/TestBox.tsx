import { useState } from "react";

import { useScene } from "../context";
import { sendTest, type Asked } from "../server";

/** What is shown, sent to whoever works here. */
export function TestBox({ asked, ready }: { asked: Asked; ready: boolean }) {
  const { boot, words } = useScene();
  const [phone, setPhone] = useState("");
  const [said, setSaid] = useState<{ text: string; fault: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const told = await sendTest(boot.urls.test, { ...asked, phone }).catch(() => null);
    setBusy(false);
    if (!told) setSaid({ text: words.t("offline"), fault: true });
    else if ("said" in told) setSaid({ text: told.said, fault: false });
    else setSaid({ text: told.refused.map((one) => one.message).join(" "), fault: true });
  };
  return (
    <div className="card-footer test-box">
      {boot.channel === "sms" && (
        <input className="form-control form-control-sm" type="tel" dir="ltr" aria-label={words.t("my_phone")} placeholder={words.t("my_phone")} value={phone} onChange={(event) => setPhone(event.currentTarget.value)} />
      )}
      <button type="button" className="btn btn-sm" disabled={!ready || busy} onClick={() => void send()}>
        {words.t("send_test")}
      </button>
      <span role="status" className={said?.fault ? "text-danger" : "text-secondary"}>
        {said ? (
          <>
            <span dir="auto">{said.text}</span> {!said.fault && <a href={boot.urls.sent}>{words.t("to_sent")}</a>}
          </>
        ) : (
          words.t("test_help")
        )}
      </span>
    </div>
  );
}
