namespace Dramatis.Verification;

/// <summary>Runs our code on the inputs of a golden case.</summary>
internal interface IGoldenCheck
{
    /// <summary>The components, as <c>fixture.json</c> names them, that this check understands.</summary>
    IReadOnlyList<string> Components { get; }

    /// <summary>Computes and compares. The caller has opened a scope and disposes the case.</summary>
    GoldenResult Run(GoldenCase golden);
}
