import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorBoundary } from "@/app/error-boundary";
import { Routes } from "@/app/routes";
import { createQueryClient } from "@/lib/query-client";

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <Routes />
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
