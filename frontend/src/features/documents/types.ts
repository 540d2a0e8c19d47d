import type { components } from "@/types/api";

type Schemas = components["schemas"];

export type DocumentList = Schemas["DocumentPageOut"];

export type DocumentPage = Schemas["ReadPageOut"];

/** A place in a file; positions count code points, `start` and `end` in the page, `marks` in `text`. */
export type SearchHit = Schemas["HitOut"];

/** A place to open: a page of a file, and what to mark on it. */
export interface Place {
  documentId: string;
  filename: string;
  page: number;
  /** What is marked, by the positions of code points in the page's text; null for the page as it is. */
  quote: { start: number; end: number } | null;
}

/** A file that goes with the next question. */
export interface AttachedFile {
  id: string;
  filename: string;
  mediaType: string;
}
