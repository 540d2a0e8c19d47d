import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { type DocumentFilter, KEYS } from "@/features/documents/api/query-keys";
import { applyDocument } from "@/features/documents/state/document-cache";
import type { DocumentList } from "@/features/documents/types";
import { aDocument, nextId } from "@/testing/builders";
import type { StudyDocument } from "@/types/wire";

const ALL = { courseId: null, name: "" };

function clientWith(...lists: [DocumentFilter, StudyDocument[]][]) {
  const client = new QueryClient();
  const space = { used_bytes: 0, limit_bytes: 1 };
  for (const [filter, items] of lists) {
    const page: DocumentList = { items, next_cursor: null, space };
    client.setQueryData(KEYS.list(filter), { pages: [page], pageParams: [""] });
  }
  const names = (filter: DocumentFilter) => {
    const list = client.getQueryData<{ pages: DocumentList[] }>(KEYS.list(filter));
    return list?.pages.flatMap(({ items }) => items.map(({ filename }) => filename));
  };
  return { client, names };
}

test("a file is replaced where it is listed", () => {
  const document = aDocument();
  const { client, names } = clientWith([ALL, [aDocument({ filename: "other.pdf" }), document]]);
  applyDocument(client, { ...document, filename: "leaves.pdf" });
  expect(names(ALL)).toEqual(["other.pdf", "leaves.pdf"]);
  expect(client.getQueryData(KEYS.one(document.id))).toMatchObject({ filename: "leaves.pdf" });
});

test("a new file joins the lists that show all, or its course, and no search", () => {
  const courseId = nextId();
  const [mine, other, search] = [
    { courseId, name: "" },
    { courseId: nextId(), name: "" },
    { courseId, name: "leaf" },
  ];
  const { client, names } = clientWith([ALL, []], [mine, []], [other, []], [search, []]);
  applyDocument(client, aDocument({ course_id: courseId }));
  expect([names(ALL), names(mine), names(other), names(search)]).toEqual([
    ["slides.pdf"],
    ["slides.pdf"],
    [],
    [],
  ]);
});
