import {
  Bot,
  CircleStop,
  Copy,
  GraduationCap,
  Keyboard,
  Library,
  type LucideIcon,
  MessageSquare,
  MoveDown,
  MoveUp,
  PanelLeft,
  Pencil,
  Search,
  Settings,
  SquarePen,
  SunMoon,
  TextCursorInput,
  UserRound,
} from "lucide-react";
import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { PREFERENCES } from "@/config/preferences";
import { COMMANDS, type CommandName, chordsOf } from "@/config/shortcuts";
import { useChosenModel } from "@/features/chat/hooks/use-model-choice";
import { modelOptions } from "@/features/chat/state/model-options";
import { useCourses } from "@/features/courses/api/courses";
import type { PaletteGroup } from "@/features/palette/types";
import { useOfferedCommands } from "@/hooks/use-command";
import { usePreference } from "@/hooks/use-preference";
import { useT } from "@/i18n/language";

const ICONS: Record<CommandName, LucideIcon> = {
  palette: MessageSquare,
  newChat: SquarePen,
  search: Search,
  compose: TextCursorInput,
  next: MoveDown,
  previous: MoveUp,
  copyAnswer: Copy,
  editMessage: Pencil,
  stop: CircleStop,
  sidebar: PanelLeft,
  library: Library,
  account: UserRound,
  settings: Settings,
  shortcuts: Keyboard,
};

/** What somebody on the page offers to do just now. */
export function useActionGroup(): PaletteGroup {
  const t = useT();
  const offered = useOfferedCommands();
  return {
    id: "do",
    title: t("palette.do"),
    items: COMMANDS.flatMap((name) => {
      const onSelect = offered.get(name);
      if (!onSelect || name === "palette") return [];
      const Icon = ICONS[name];
      const [keys] = chordsOf(name);
      return [{ id: `do ${name}`, name: t(`command.${name}`), icon: <Icon aria-hidden />, keys, onSelect }];
    }),
  };
}

export function useLookGroup(): PaletteGroup {
  const t = useT();
  const [theme, setTheme] = usePreference("theme");
  return {
    id: "looks",
    title: t("palette.looks"),
    items: PREFERENCES.theme.map((value) => ({
      id: `theme ${value}`,
      name: `${t("settings.theme")}: ${t(`settings.theme.${value}`)}`,
      icon: <SunMoon aria-hidden />,
      isChosen: value === theme,
      onSelect: () => setTheme(value),
    })),
  };
}

/** A new chat within one of the courses. */
export function useCourseGroup(): PaletteGroup {
  const t = useT();
  const [, navigate] = useLocation();
  const courses = useCourses().data ?? [];
  return {
    id: "courses",
    title: t("palette.courses"),
    items: courses.map(({ id, name }) => ({
      id: `course ${id}`,
      name,
      icon: <GraduationCap aria-hidden />,
      onSelect: () => navigate(ROUTES.newChat(id)),
    })),
  };
}

/** The models that can answer, where there is a choice. */
export function useModelGroup(): PaletteGroup {
  const t = useT();
  const { models, choice, setChoice } = useChosenModel();
  const { options, chosen } = models ? modelOptions(models, choice) : { options: [], chosen: undefined };
  return {
    id: "models",
    title: t("palette.models"),
    items:
      options.length < 2
        ? []
        : options.map((option) => ({
            id: `model ${option.value}`,
            name: `${option.label} ${option.hint ?? ""}`.trim(),
            icon: <Bot aria-hidden />,
            isChosen: option.value === chosen?.value,
            onSelect: () => setChoice(option.choice),
          })),
  };
}
