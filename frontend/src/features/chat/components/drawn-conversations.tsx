import { type ReactNode, useId } from "react";
import styles from "@/features/chat/components/conversation-list.module.css";
import { ConversationRow } from "@/features/chat/components/conversation-row";
import { useConversationActions } from "@/features/chat/hooks/use-conversation-actions";
import { useLive } from "@/features/chat/hooks/use-live-feed";
import { isAnswering } from "@/features/chat/state/live-feed";
import type { RowWindow } from "@/features/chat/state/row-window";
import type { ConversationSummary } from "@/types/wire";

export interface ConversationGroup {
  name: string;
  items: ConversationSummary[];
}

export interface DrawnProps {
  groups: ConversationGroup[];
  openId: string | null;
  /** Which of them are drawn: headings and conversations are counted together. */
  rows: RowWindow;
}

/** Those conversations of each group that are to be drawn, with room for the others. */
export function DrawnConversations({ groups, openId, rows }: DrawnProps) {
  const live = useLive();
  const actions = useConversationActions();
  const { measure, before, after } = rows;
  const isDrawn = (index: number) => index >= rows.first && index <= rows.last;
  let next = 0;
  return (
    <div style={{ paddingBlockStart: before, paddingBlockEnd: after }}>
      {groups.map(({ name, items }) => {
        const heading = next;
        next += items.length + 1;
        if (next <= rows.first || heading > rows.last) return null;
        return (
          <Group key={name} name={name} heading={isDrawn(heading) ? { index: heading, measure } : null}>
            {items.map((conversation, offset) => {
              const index = heading + 1 + offset;
              if (!isDrawn(index)) return null;
              return (
                <ConversationRow
                  key={conversation.id}
                  isOpen={conversation.id === openId}
                  isAnswering={isAnswering(live, conversation.id, conversation.running)}
                  {...{ conversation, actions, index, measure }}
                />
              );
            })}
          </Group>
        );
      })}
    </div>
  );
}

interface GroupProps {
  name: string;
  /** Null where its heading is not drawn. */
  heading: { index: number; measure: RowWindow["measure"] } | null;
  children: ReactNode;
}

function Group({ name, heading, children }: GroupProps) {
  const id = useId();
  return (
    <section aria-labelledby={heading ? id : undefined} aria-label={heading ? undefined : name}>
      {heading && (
        <h3 id={id} ref={heading.measure} data-index={heading.index} className={styles.day}>
          {name}
        </h3>
      )}
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets */}
      <ul role="list" className={styles.list}>
        {children}
      </ul>
    </section>
  );
}
