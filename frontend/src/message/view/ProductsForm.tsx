import { useScene } from "../context";
import type { FormProps } from "./forms";
import { Field } from "./Field";
import { Icon } from "./Icon";

type Item = { name?: string; price?: string; image?: string; url?: string };
const SOURCES = ["cart", "latest_order", "chosen"] as const;

/** Products of the contact's cart or latest order, or some that are chosen here for everybody. */
export function ProductsForm({ block, language, onChange }: FormProps) {
  const { boot, words } = useScene();
  const items = (Array.isArray(block["items"]) ? block["items"] : []) as Item[];
  const of = String(block["of"] ?? "cart");
  const put = (next: Item[], field: string) => onChange({ ...block, items: next }, field);
  const disabled = !boot.mayEdit;
  return (
    <>
      <div className="block-row">
        <label className="mb-3">
          <span className="form-label">{words.t("which_products")}</span>
          <select className="form-select" disabled={disabled} value={of} onChange={(event) => onChange({ ...block, of: event.currentTarget.value }, "of")}>
            {SOURCES.map((one) => (
              <option key={one} value={one}>
                {words.t(`products_${one}`)}
              </option>
            ))}
          </select>
        </label>
        {of !== "chosen" && (
          <label className="mb-3">
            <span className="form-label">{words.t("at_most")}</span>
            <select className="form-select" disabled={disabled} value={String(block["most"] ?? 5)} onChange={(event) => onChange({ ...block, most: Number(event.currentTarget.value) }, "most")}>
              {[1, 2, 3, 5, 10].map((most) => (
                <option key={most} value={most}>
                  {words.number(most)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {of === "chosen" && (
        <>
          {items.map((item, number) => {
            const field = (name: keyof Item) => ({
              value: item[name] ?? "",
              onChange: (value: string) => put(items.map((old, n) => (n === number ? { ...old, [name]: value } : old)), `items.${number}.${name}`),
              disabled,
            });
            return (
              <fieldset key={number} className="product">
                <legend className="visually-hidden">{words.t("product_n", { n: number + 1 })}</legend>
                <div className="block-row">
                  <Field label={words.t("product_name")} language={language} {...field("name")} />
                  <Field label={words.t("product_price")} language={language} {...field("price")} />
                </div>
                <div className="block-row">
                  <Field label={words.t("image_address")} ltr {...field("image")} />
                  <Field label={words.t("leads_to")} ltr {...field("url")} />
                </div>
                {!disabled && (
                  <button type="button" className="btn btn-sm" onClick={() => put(items.filter((_, n) => n !== number), "")}>
                    <Icon icon="trash" /> {words.t("remove")}
                  </button>
                )}
              </fieldset>
            );
          })}
          {!disabled && (
            <button type="button" className="btn btn-sm" onClick={() => put([...items, {}], "")}>
              <Icon icon="plus" /> {words.t("add_product")}
            </button>
          )}
        </>
      )}
    </>
  );
}
