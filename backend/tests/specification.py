"""What the specification says, word for word."""

ENV_BLOCK = """\
# Django
SECRET_KEY=...
FASTAPI_BASE_URL=http://localhost:8001
FASTAPI_SECRET=your-secret-key-here # Add this!

# FastAPI
FASTAPI_PORT=8001
FASTAPI_WORKERS=4
FASTAPI_RELOAD=false
FASTAPI_SECRET=your-secret-key-here # Must match Django

# LLM Providers
AZURE_OPENAI_API_KEY=...
DEEPSEEK_API_KEY=...
GEMINI_API_KEY=...

# CORS
CORS_ALLOWED_ORIGINS=http://localhost:3000,...
FASTAPI_ALLOWED_ORIGINS=http://localhost:8000,...
"""
