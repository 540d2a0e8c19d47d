export const API = {
  session: "/api/session/",
  models: "/api/models/",
  conversations: "/api/conversations/",
  conversation: (id: string) => `/api/conversations/${encodeURIComponent(id)}/`,
  stream: "/api/chat/stream/",
  file: "/api/chat/file/",
  follow: (conversationId: string) => `/api/chat/${encodeURIComponent(conversationId)}/stream/`,
  live: "/api/chat/live/",
  feedback: (messageId: string) => `/api/messages/${encodeURIComponent(messageId)}/feedback/`,
  stop: (conversationId: string) => `/api/chat/${encodeURIComponent(conversationId)}/stop/`,
};

export const ROUTES = {
  home: "/",
  conversation: (id: string) => `/c/${encodeURIComponent(id)}`,
  account: "/account",
  logIn: "/account/login",
  signUp: "/account/signup",
  resetPassword: "/account/reset",
  verifyEmail: "/account/verify",
};
