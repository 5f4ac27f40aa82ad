namespace Dramatis.Requests;

/// <summary>A file of low-rank changes to the model's weights, and a factor on them, from -4 to 4.</summary>
public sealed record Lora(string File, double Scale = 1);
