"""What all questions have in common, for a model of embeddings: the mean of its vectors of questions on nothing much.

Models of this kind put every question near the same few passages: general ones, and such as speak to their reader. What
a question has in common with any other says nothing about where its answer stands, so most of that is taken off.
"""

from collections.abc import Sequence

from apps.documents.models import AverageQuestion

QUESTIONS = (
    "What is the main idea of this chapter?",
    "How does this work, step by step?",
    "Why is this important?",
    "What is the difference between the two methods?",
    "Can you give an example of this rule?",
    "When did this happen, and who was involved?",
    "How do I solve this exercise?",
    "What does this word mean here?",
    "Which conditions must hold for this to be true?",
    "Where is this described?",
    "How much does it weigh, and how is it measured?",
    "What happens if I leave out this step?",
    "Is it allowed to do this, and what are the exceptions?",
    "Who discovered this, and how?",
    "What are the advantages and disadvantages?",
    "How can I prevent this mistake?",
    "Quelle est l'idée principale de ce chapitre ?",
    "Comment cela fonctionne-t-il, étape par étape ?",
    "Pourquoi est-ce important ?",
    "Quelle est la différence entre les deux méthodes ?",
    "Peux-tu donner un exemple de cette règle ?",
    "Quand cela s'est-il passé, et qui y a participé ?",
    "Comment résoudre cet exercice ?",
    "Que veut dire ce mot ici ?",
    "À quelles conditions est-ce vrai ?",
    "Où est-ce décrit ?",
    "Combien cela pèse-t-il, et comment le mesure-t-on ?",
    "Que se passe-t-il si j'oublie cette étape ?",
    "Est-ce permis, et quelles sont les exceptions ?",
    "Qui a découvert cela, et comment ?",
    "Quels sont les avantages et les inconvénients ?",
    "Comment éviter cette erreur ?",
    "Was ist der Hauptgedanke dieses Kapitels?",
    "Wie funktioniert das, Schritt für Schritt?",
    "Warum ist das wichtig?",
    "Was passiert, wenn ich das weglasse?",
    "¿Cuál es la idea principal de este capítulo?",
    "¿Cómo funciona esto, paso a paso?",
    "¿Por qué es importante?",
    "¿Qué pasa si no lo hago?",
)
SHARE = 0.75  # of the average question that is taken off; measured, see docs/retrieval.md


def is_known(model: str) -> bool:
    return AverageQuestion.objects.filter(model=model).exists()


def remember(model: str, vectors: Sequence[Sequence[float]]) -> None:
    """Keep the mean of the model's vectors of QUESTIONS. Another process may have done so: the two are the same."""
    mean = [sum(numbers) / len(vectors) for numbers in zip(*vectors, strict=True)]
    AverageQuestion.objects.get_or_create(model=model, defaults={"numbers": mean})


def particular(model: str, numbers: Sequence[float]) -> list[float]:
    """The vector of a question without what it has in common with any; as it is while that is not known."""
    average = AverageQuestion.objects.filter(model=model).values_list("numbers", flat=True).first()
    if average is None or len(average) != len(numbers):
        return list(numbers)
    return [number - SHARE * common for number, common in zip(numbers, average, strict=True)]
