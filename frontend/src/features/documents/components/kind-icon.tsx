import {
  BookOpen,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  Globe,
  type LucideIcon,
  Presentation,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  pptx: Presentation,
  xlsx: FileSpreadsheet,
  csv: FileSpreadsheet,
  epub: BookOpen,
  html: Globe,
  code: FileCode,
  image: FileImage,
};

/** What a file is, as a picture; its kind stands beside it in words. */
export function KindIcon({ kind }: { kind: string }) {
  const Icon = ICONS[kind] ?? FileText;
  return <Icon aria-hidden />;
}
