/** What the page and its drawing frame say to each other; a reply comes by the port that its request brings. */
export interface DrawRequest {
  source: string;
  isDark: boolean;
}

export type DrawReply = { svg: string } | { problem: DrawProblem };

/** The source has a fault; the frame's own parts did not come; it took too long. */
export type DrawProblem = "source" | "line" | "time";

export const DIAGRAM_PAGE = "/diagram.html";
export const DIAGRAM_MAX_CHARS = 50_000;
