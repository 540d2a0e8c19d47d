import type { ComponentProps } from "react";
import type { QueuedMessages } from "@/features/chat/components/queued-messages";
import { partOf, usePart } from "@/hooks/use-part";

const queued = partOf(() => import("@/features/chat/components/queued-messages"));

/** What waits for the line in this conversation; fetched when something does. */
export function LazyQueuedMessages(props: ComponentProps<typeof QueuedMessages>) {
  return props.messages.length > 0 ? <Shown {...props} /> : null;
}

function Shown(props: ComponentProps<typeof QueuedMessages>) {
  const { module } = usePart(queued);
  return module && <module.QueuedMessages {...props} />;
}
