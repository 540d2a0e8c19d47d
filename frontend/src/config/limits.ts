/** Used until the session has told the server's own limits. */
export const DEFAULT_LIMITS = {
  message_max_chars: 32_000,
  upload_max_bytes: 25 * 1024 * 1024,
  upload_max_files: 5,
};

/** What the gateway can read; the dialog of the system shows only these. */
export const UPLOAD_EXTENSIONS = [".pdf", ".docx", ".pptx", ".txt", ".md"];

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

/** A tab that nobody sees lets go of its stream after this: a browser has six connections for all its tabs. */
export const HIDDEN_GRACE_MS = 5_000;

/** A leading tab that does not answer for so long is taken for frozen; a busy one is only slow. */
export const LEADER_SILENCE_MS = 5_000;

/** A whole upload, on a weak line, with the reading of the files after it. */
export const UPLOAD_TIMEOUT_MS = 15 * 60_000;
