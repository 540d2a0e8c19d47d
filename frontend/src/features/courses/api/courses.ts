import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { requestJson } from "@/lib/api-client";
import type { Course } from "@/types/wire";

const KEYS = { courses: ["courses"] };

export interface CourseFields {
  name: string;
  exam_on: string | null;
}

/** The caller's courses, newest first. */
export function useCourses() {
  return useQuery({
    queryKey: KEYS.courses,
    queryFn: async ({ signal }) => (await requestJson<{ items: Course[] }>(API.courses, { signal })).items,
  });
}

/** Make a course, or with an `id` change one. */
export function useSaveCourse() {
  const refresh = useRefreshedCourses();
  return useMutation({
    mutationFn: ({ id, ...body }: CourseFields & { id: string | null }) =>
      id
        ? requestJson<Course>(API.course(id), { method: "PATCH", body })
        : requestJson<Course>(API.courses, { method: "POST", body }),
    onSuccess: refresh,
  });
}

/** Delete a course; its files and conversations stay, without a course. */
export function useDeleteCourse() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => requestJson<void>(API.course(id), { method: "DELETE" }),
    // Files and conversations name their course, too.
    onSuccess: () => client.invalidateQueries(),
  });
}

/** To be called when what is in a course has changed: the courses count it. */
export function useRefreshedCourses(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: KEYS.courses });
}
