/** Used until the session has told the server's own limits. */
export const DEFAULT_LIMITS = {
  message_max_chars: 32_000,
  upload_max_bytes: 25 * 1024 * 1024,
  upload_max_files: 5,
};

/** Pictures are named one by one: a phone that keeps others then sends a JPEG. */
export const PICTURE_TYPES = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/gif",
  "image/tiff",
  "image/bmp",
];

/** What the system's dialog offers. The gateway looks at the content, so a file of another name may be dropped. */
export const UPLOAD_KINDS = [
  ...[".pdf", ".docx", ".pptx", ".xlsx", ".odt", ".epub", ".html", ".htm", ".md", ".txt", ".csv"],
  ...PICTURE_TYPES,
  ...["text/*", ".py", ".js", ".ts", ".java", ".c", ".h", ".cpp", ".rs", ".go", ".sql", ".r", ".m", ".tex"],
  ...[".json", ".xml", ".yaml"],
];

/** Nobody reads these: they are refused before their bytes are sent. */
export const UNREADABLE_TYPES = ["video/", "audio/"];

/** Files on their way at once; the others wait, so that a weak line brings the first one soon. */
export const UPLOADS_AT_ONCE = 2;

/** How long the page waits for the words of its language before it begins in English. */
export const LANGUAGE_PATIENCE_MS = 4_000;

/** What a page of a list brings while data is spared; else the gateway's own number. */
export const SPARED_CONVERSATIONS = 15;
export const SPARED_MESSAGES = 15;

/** What each scroll beyond the first message brings. */
export const EARLIER_MESSAGES = 100;

export const REQUEST_TIMEOUT_MS = 20_000;

/** Until the first byte of a stream: the gateway answers as soon as the prompt is committed. */
export const STREAM_OPEN_TIMEOUT_MS = 60_000;

/** The gateway sends a comment every 15 s, so two missed ones mean a dead line. */
export const STREAM_SILENCE_MS = 35_000;

/** More than 60 s in all, whatever the noise: a killed gateway's answer is claimed after 10 s, a restart takes 15. */
export const FOLLOW_BACKOFF_MS = [
  300, 1_000, 2_000, 3_000, 5_000, 5_000, 8_000, 8_000, 8_000, 10_000, 15_000, 15_000,
];

/** Between two connections of the live feed; the last one holds from then on. */
export const LIVE_BACKOFF_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Between two tries to send what waits; the last one holds from then on. An answer that runs there is waited for, too. */
export const DELIVERY_BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** A tab that nobody sees lets go of its stream after this: a browser has six connections for all its tabs. */
export const HIDDEN_GRACE_MS = 5_000;

/** A leading tab that does not answer for so long is taken for frozen; a busy one is only slow. */
export const LEADER_SILENCE_MS = 5_000;

/** A whole upload on a weak line. */
export const UPLOAD_TIMEOUT_MS = 15 * 60_000;

/** Places that a search in one's files shows. */
export const SEARCH_HITS = 30;

/** Conversations that a search in them shows. */
export const CONVERSATION_HITS = 20;

/** Above so many rows a list draws only those that are near what is seen. */
export const ROWS_DRAWN_AT_ONCE = 60;

/** How long a message at the edge of the page stays, unless somebody is at it. */
export const TOAST_MS = 8_000;

/** A pause in typing after which the search begins. */
export const SEARCH_PAUSE_MS = 250;

export const TITLE_MAX_CHARS = 200;
export const FILENAME_MAX_CHARS = 255;
export const COURSE_NAME_MAX_CHARS = 120;

/** Of a page's picture, as shares of the room that it has. */
export const PICTURE_ZOOMS = [1, 1.5, 2, 3];

/** From this zoom on the finer picture is worth its bytes. */
export const FINE_ZOOM = 2;

/** What the gateway draws: enough for a phone's screen, and for a page that is looked at closely. */
export const PICTURE_WIDTHS_PX = [1_200, 2_000] as const;
