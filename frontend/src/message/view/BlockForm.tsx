import { useContext } from "react";

import { useScene } from "../context";
import type { Simple } from "../types";
import { Field, FocusContext, insertInto } from "./Field";
import { textOf, type FormProps } from "./forms";
import { Icon } from "./Icon";
import { ImageForm } from "./ImageForm";
import { ProductsForm } from "./ProductsForm";

/** What can be said about one block. */
export function BlockForm(props: FormProps) {
  const { block, language, onChange } = props;
  const { boot, words } = useScene();
  const put = (name: string) => (value: string | number) => onChange({ ...block, [name]: value }, name);
  const text = (name: string) => ({ value: textOf(block, name), onChange: put(name), language, disabled: !boot.mayEdit });
  switch (block.kind) {
    case "heading":
      return (
        <div className="block-row">
          <Field label={words.t("text")} {...text("text")} />
          <label className="mb-3">
            <span className="form-label">{words.t("size")}</span>
            <select className="form-select" disabled={!boot.mayEdit} value={String(block["level"] ?? 1)} onChange={(event) => put("level")(Number(event.currentTarget.value))}>
              {[1, 2, 3].map((level) => (
                <option key={level} value={level}>
                  {words.t(`size_${level}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
      );
    case "text":
      return <Field label={words.t("text")} {...text("text")} rows={5} hint={words.t("marks_help")} tools={boot.mayEdit ? <Marks block={block} /> : null} />;
    case "image":
      return <ImageForm {...props} />;
    case "button":
      return (
        <div className="block-row">
          <Field label={words.t("text")} {...text("text")} />
          <Field label={words.t("address")} {...text("href")} ltr />
        </div>
      );
    case "products":
      return <ProductsForm {...props} />;
    case "coupon":
      return (
        <div className="block-row">
          <Field label={words.t("code")} {...text("code")} ltr />
          <Field label={words.t("above_code")} {...text("text")} />
        </div>
      );
    case "footer":
      return <Field label={words.t("text")} {...text("text")} rows={2} hint={words.t("footer_help")} />;
    default:
      return null;
  }
}

/** Marks put around what is selected in the text below. */
function Marks({ block }: { block: Simple }) {
  const { words } = useScene();
  const focused = useContext(FocusContext);
  const put = (before: string, after: string) => (event: { currentTarget: HTMLElement }) => {
    const area = event.currentTarget.closest(".mb-3")?.querySelector("textarea");
    if (area && focused.current?.element !== area) area.focus();
    if (focused.current) insertInto(focused.current, before, after, words.t("words"));
  };
  const tool = (label: string, icon: React.ReactNode, before: string, after: string) => (
    <button type="button" className="btn btn-icon btn-sm btn-ghost-secondary" aria-label={words.t(label)} title={words.t(label)} onMouseDown={(event) => event.preventDefault()} onClick={put(before, after)}>
      {icon}
    </button>
  );
  return (
    <span className="block-tools" data-block={block.id}>
      {tool("bold", <Icon icon="bold" />, "**", "**")}
      {tool("italic", <Icon icon="italic" />, "*", "*")}
      {tool("link", <Icon icon="link" />, "[", "](https://)")}
      {tool("list", <Icon icon="list" />, "\n- ", "")}
    </span>
  );
}
