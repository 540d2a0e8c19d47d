import { QueryClientProvider } from "@tanstack/react-query";
import { Direction } from "radix-ui";
import { useState } from "react";
import { ErrorBoundary } from "@/app/error-boundary";
import { readKept } from "@/app/keeping";
import { Routes } from "@/app/routes";
import { useDirection } from "@/hooks/use-direction";
import { createQueryClient } from "@/lib/query-client";

export function App() {
  const [client] = useState(() => createQueryClient(readKept));
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <Direction.Provider dir={useDirection()}>
          <Routes />
        </Direction.Provider>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
