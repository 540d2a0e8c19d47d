import { uuid } from "@/lib/uuid";

/** Names this tab to the gateway: a tab that connects again replaces only its own earlier connection. */
export const READER_HEADERS = { Accept: "text/event-stream", "X-Reader-ID": uuid() };
