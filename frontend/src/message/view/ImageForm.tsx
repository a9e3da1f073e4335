import { useScene } from "../context";
import { textOf, type FormProps } from "./forms";
import { Field } from "./Field";
import { Pictures } from "./Pictures";

/** A picture: where it lies, what it shows, where it leads. */
export function ImageForm({ block, language, onChange }: FormProps) {
  const { boot, words } = useScene();
  const text = (name: string) => ({ value: textOf(block, name), onChange: (value: string) => onChange({ ...block, [name]: value }, name), disabled: !boot.mayEdit });
  return (
    <>
      {boot.mayEdit && <Pictures onChoose={(src) => onChange({ ...block, src }, "")} />}
      <Field label={words.t("image_address")} {...text("src")} ltr />
      <div className="block-row">
        <Field label={words.t("alt")} {...text("alt")} language={language} hint={words.t("alt_help")} />
        <Field label={words.t("leads_to")} {...text("href")} ltr />
      </div>
    </>
  );
}
