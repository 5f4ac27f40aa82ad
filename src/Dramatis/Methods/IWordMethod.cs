namespace Dramatis.Methods;

/// <summary>A method that changes what the words of its subjects mean, so that a model's prior can imagine them.</summary>
internal interface IWordMethod : ILoadedMethod
{
    /// <summary>The subject as the method that imagines it is to keep it: with the state of its words, and with its own start.</summary>
    /// <param name="order">With the prompt that the words stand in.</param>
    /// <returns>Null for words that the model does not read.</returns>
    CastMember? InWords(CastMember member, MethodOrder order);
}
