export const API = {
  session: "/api/session/",
  models: "/api/models/",
  conversations: "/api/conversations/",
  conversation: (id: string) => `/api/conversations/${encodeURIComponent(id)}/`,
  conversationSearch: "/api/conversations/search/",
  restore: (id: string) => `/api/conversations/${encodeURIComponent(id)}/restore/`,
  conversationExport: (id: string) => `/api/conversations/${encodeURIComponent(id)}/export/`,
  share: (conversationId: string) => `/api/conversations/${encodeURIComponent(conversationId)}/share/`,
  shares: "/api/shares/",
  shared: (token: string) => `/api/shared/${encodeURIComponent(token)}/`,
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
  /** A conversation at one of its messages. */
  message: (id: string, messageId: string) =>
    `/c/${encodeURIComponent(id)}?m=${encodeURIComponent(messageId)}`,
  /** What is shown of a conversation to whoever has its link. */
  shared: (token: string) => `/s/${encodeURIComponent(token)}`,
  library: "/library",
  settings: "/settings",
  account: "/account",
  logIn: "/account/login",
  /** The way in, and then on to an address of this page. */
  logInFor: (next: string) => `/account/login?next=${encodeURIComponent(next)}`,
  signUp: "/account/signup",
  resetPassword: "/account/reset",
  verifyEmail: "/account/verify",
};
