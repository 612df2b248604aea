"""The cloud service behind the engine port: request, answer, money, refusals; nothing is sent twice."""
