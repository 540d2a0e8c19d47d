import { useState } from "react";
import { useFoundGroup, useRecentGroup } from "@/app/palette-conversations";
import { useActionGroup, useCourseGroup, useLookGroup, useModelGroup } from "@/app/palette-groups";
import { SEARCH_PAUSE_MS } from "@/config/limits";
import { Palette } from "@/features/palette/components/palette";
import { useSettledValue } from "@/hooks/use-settled-value";

/** Everything that can be done or opened, in one list. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const found = useFoundGroup(useSettledValue(words.trim(), SEARCH_PAUSE_MS));
  const actions = useActionGroup();
  const recent = useRecentGroup();
  const courses = useCourseGroup();
  const models = useModelGroup();
  const looks = useLookGroup();
  const conversations = words.trim() ? found.group : recent;
  return (
    <Palette
      groups={[actions, conversations, courses, models, looks]}
      words={words}
      onWords={setWords}
      notice={found.notice}
      onClose={onClose}
    />
  );
}
