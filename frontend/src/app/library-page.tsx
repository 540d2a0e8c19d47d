import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { LazySourcePanel } from "@/app/lazy-source-panel";
import styles from "@/app/library-page.module.css";
import { useLibraryUpload } from "@/app/use-library-upload";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { SearchField } from "@/components/ui/search-field";
import { SEARCH_PAUSE_MS, UPLOAD_KINDS } from "@/config/limits";
import { ROUTES } from "@/config/paths";
import { useCourses, useRefreshedCourses } from "@/features/courses/api/courses";
import { CourseBar } from "@/features/courses/components/course-bar";
import { CourseHead } from "@/features/courses/components/course-head";
import { DropZone } from "@/features/documents/components/drop-zone";
import { LibraryList } from "@/features/documents/components/library-list";
import { SearchHits } from "@/features/documents/components/search-hits";
import { SpaceUsed } from "@/features/documents/components/space-used";
import { useAttach } from "@/features/documents/hooks/use-uploads";
import type { Place } from "@/features/documents/types";
import { useSettledValue } from "@/hooks/use-settled-value";
import { useT } from "@/i18n/language";
import type { StudyDocument } from "@/types/wire";

/** All files of a student: what was read of them, what stands in them, and which course they belong to. */
export function LibraryPage() {
  const t = useT();
  const [courseId, setCourseId] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [place, setPlace] = useState<Place | null>(null);
  const upload = useLibraryUpload(courseId);
  return (
    <div className={styles.page}>
      <title>{`${t("library.title")} – ${t("app.name")}`}</title>
      <DropZone onFiles={upload.add}>
        <div className={styles.scroll}>
          <div className={styles.column}>
            <LibraryHead onFiles={upload.add} />
            <SpaceUsed courseId={courseId} />
            {upload.refusals.length > 0 && <Notice tone="danger">{upload.refusals.join(" ")}</Notice>}
            <SearchField
              label={t("library.search")}
              placeholder={t("library.searchHint")}
              clearLabel={t("library.clear")}
              words={words}
              onWords={setWords}
            />
            <CourseBar courseId={courseId} onChange={setCourseId} />
            <Shelf {...{ courseId, words, upload }} onCourse={setCourseId} onOpen={setPlace} />
          </div>
        </div>
      </DropZone>
      {place && <LazySourcePanel opened={{ place }} onClose={() => setPlace(null)} />}
    </div>
  );
}

function LibraryHead({ onFiles }: { onFiles: (files: File[]) => void }) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <header className={styles.head}>
      <h1 className={styles.title}>{t("library.title")}</h1>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={UPLOAD_KINDS.join(",")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again after it was removed.
          event.target.value = "";
        }}
      />
      <Button tone="primary" icon={<Plus aria-hidden />} onClick={() => picker.current?.click()}>
        {t("library.add")}
      </Button>
    </header>
  );
}

interface ShelfProps {
  courseId: string | null;
  words: string;
  upload: ReturnType<typeof useLibraryUpload>;
  onCourse: (courseId: string | null) => void;
  onOpen: (place: Place) => void;
}

/** The files of the course, or of all; while something is looked for, what is found in them, too. */
function Shelf({ courseId, words, upload, onCourse, onOpen }: ShelfProps) {
  const [, navigate] = useLocation();
  const courses = useCourses().data ?? [];
  const refreshCourses = useRefreshedCourses();
  const attach = useAttach();
  const sought = useSettledValue(words.trim(), SEARCH_PAUSE_MS);
  const course = courses.find(({ id }) => id === courseId);
  const onAsk = (document: StudyDocument) => {
    attach(null, document);
    navigate(ROUTES.newChat(document.course_id));
  };
  return (
    <>
      {course && !sought && (
        <CourseHead
          key={course.id}
          course={course}
          onAsk={() => navigate(ROUTES.newChat(course.id))}
          onDeleted={() => onCourse(null)}
        />
      )}
      <LibraryList
        filter={{ courseId, name: sought }}
        uploads={upload.uploads}
        courses={courses}
        empty={sought ? null : <Empty isCourse={Boolean(course)} />}
        onOpen={({ id, filename }) => onOpen({ documentId: id, filename, page: 1, quote: null })}
        onAsk={onAsk}
        onMoved={() => void refreshCourses()}
      />
      {sought && <SearchHits words={sought} courseId={courseId} onOpen={onOpen} />}
    </>
  );
}

function Empty({ isCourse }: { isCourse: boolean }) {
  const t = useT();
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{t(isCourse ? "library.emptyCourse" : "library.empty")}</p>
      <p>{t("library.emptyHint")}</p>
    </div>
  );
}
