import { describe, expect, it } from "vitest";

import { copyBlock, insertBlock, moveBlock, moveTo, named, newBlock, putBlock, removeBlock, starter } from "../model/blocks";
import { begin, change, redo, undo } from "../model/history";
import { insertAt, modeOf, putMode, putText } from "../model/template";
import type { Block, Columns, Template } from "../types";

const kinds = (blocks: Block[]) => blocks.map((one) => one.kind);
const three = (): Block[] => [newBlock("heading", "fa"), newBlock("columns", "fa"), newBlock("footer", "fa")];
const empty: Template = { title: "", sender: "", topic: "", tracking: {}, strict: false, once_more: false, fallbacks: {}, languages: {}, document: {} };

describe("blocks", () => {
  it("move within their list and stay where they cannot", () => {
    const blocks = three();
    expect(kinds(moveBlock(blocks, [0], 1))).toEqual(["columns", "heading", "footer"]);
    expect(moveBlock(blocks, [0], -1)).toBe(blocks);
    expect(kinds(moveTo(blocks, [2], 0))).toEqual(["footer", "heading", "columns"]);
  });

  it("stand in columns, are changed, copied and removed there", () => {
    let blocks = insertBlock(three(), [1, 0, 0], newBlock("text", "fa"));
    blocks = putBlock(blocks, [1, 0, 0], { id: "t", kind: "text", text: "سلام" });
    blocks = copyBlock(blocks, [1, 0, 0]);
    const column = (blocks[1] as Columns).columns[0];
    expect(column.map((one) => one["text"])).toEqual(["سلام", "سلام"]);
    expect(column[0]!.id).not.toBe(column[1]!.id);
    expect((removeBlock(blocks, [1, 0, 0])[1] as Columns).columns[0]).toHaveLength(1);
    expect((blocks[1] as Columns).columns[1]).toEqual([]);
  });

  it("get names where a file brought them without", () => {
    const [block] = named([{ kind: "columns", columns: [[{ kind: "text" }], []] }]);
    expect(block!.id).toBeTruthy();
    expect((block as Columns).columns[0][0]!.id).toBeTruthy();
  });
});

describe("a template", () => {
  it("knows how each language is written", () => {
    const template = putMode(putText(empty, "en", "html", "<p>"), "fa", "blocks", starter("fa"));
    expect([modeOf(template, "fa"), modeOf(template, "en"), modeOf(empty, "fa")]).toEqual(["blocks", "html", null]);
    expect(modeOf(putMode(template, "fa", "text", starter("fa")), "fa")).toBe("text");
  });

  it("takes variables where the caret stands", () => {
    expect(insertAt("سلام !", "{{ x }}", 5, 5)).toEqual({ text: "سلام {{ x }}!", caret: 12 });
  });
});

describe("history", () => {
  it("takes the typing of a moment as one step", () => {
    let history = change(begin("a"), "ab", "subject", 10);
    history = change(history, "abc", "subject", 500);
    expect(undo(history).now).toBe("a");
    expect(redo(undo(history)).now).toBe("abc");
    expect(undo(change(history, "abcd", "subject", 5_000)).now).toBe("abc");
  });
});
