import { useLocation, useSearchParams } from "wouter";
import { ROUTES } from "@/config/paths";
import { useMoveConversation } from "@/features/chat/api/update-conversation";
import { useRefreshedCourses } from "@/features/courses/api/courses";

export interface ChatCourse {
  courseId: string | null;
  setCourse: (courseId: string | null) => void;
}

/** The course that a conversation asks within: what is stored, or of a new one what its address says. */
export function useChatCourse(conversationId: string | null, stored: string | null): ChatCourse {
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const move = useMoveConversation();
  const refreshCourses = useRefreshedCourses();
  if (conversationId === null) {
    return {
      courseId: params.get("course"),
      setCourse: (courseId) => navigate(ROUTES.newChat(courseId), { replace: true }),
    };
  }
  const isMoving = move.isPending && move.variables.id === conversationId;
  return {
    courseId: isMoving ? move.variables.courseId : stored,
    setCourse: (courseId) =>
      move.mutate({ id: conversationId, courseId }, { onSuccess: () => void refreshCourses() }),
  };
}
