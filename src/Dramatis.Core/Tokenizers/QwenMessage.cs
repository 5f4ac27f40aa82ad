namespace Dramatis.Tokenizers;

/// <summary>What a user says to Qwen2-VL, as the model reads it.</summary>
/// <param name="Ids">All of the conversation, up to where the answer would begin.</param>
/// <param name="Pictures">The places of the pictures' tokens, in order.</param>
internal sealed record QwenMessage(IReadOnlyList<int> Ids, IReadOnlyList<TokenSpan> Pictures);
