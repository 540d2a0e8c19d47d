export const KEYS = {
  share: (conversationId: string) => ["share", conversationId],
  shares: ["shares"],
  shared: (token: string) => ["shared", token],
};
