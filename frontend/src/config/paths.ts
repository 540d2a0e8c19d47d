export const API = {
  session: "/api/session/",
  models: "/api/models/",
  conversations: "/api/conversations/",
  conversation: (id: string) => `/api/conversations/${encodeURIComponent(id)}/`,
  stream: "/api/chat/stream/",
  documents: "/api/documents/",
  documentSearch: "/api/documents/search/",
  document: (id: string) => `/api/documents/${encodeURIComponent(id)}/`,
  documentFile: (id: string) => `/api/documents/${encodeURIComponent(id)}/file/`,
  documentPage: (id: string, page: number) => `/api/documents/${encodeURIComponent(id)}/pages/${page}/`,
  courses: "/api/courses/",
  course: (id: string) => `/api/courses/${encodeURIComponent(id)}/`,
  follow: (conversationId: string) => `/api/chat/${encodeURIComponent(conversationId)}/stream/`,
  live: "/api/chat/live/",
  feedback: (messageId: string) => `/api/messages/${encodeURIComponent(messageId)}/feedback/`,
  stop: (conversationId: string) => `/api/chat/${encodeURIComponent(conversationId)}/stop/`,
};

export const ROUTES = {
  home: "/",
  /** A new chat that asks within a course. */
  newChat: (courseId: string | null) => (courseId ? `/?course=${encodeURIComponent(courseId)}` : "/"),
  conversation: (id: string) => `/c/${encodeURIComponent(id)}`,
  library: "/library",
  account: "/account",
  logIn: "/account/login",
  signUp: "/account/signup",
  resetPassword: "/account/reset",
  verifyEmail: "/account/verify",
};
