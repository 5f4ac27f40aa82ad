using Dramatis.Requests;
using Dramatis.Studio.Service;
using Dramatis.Weights.Catalog;

namespace Dramatis.Studio.Work;

/// <summary>The saved subjects, as they were last looked at, and what requests call them.</summary>
public sealed class CastBook(StudioSession session)
{
    /// <summary>What requests say before the name of a saved subject, where a learned file stands.</summary>
    public const string Mark = "cast:";

    /// <summary>They are others than before.</summary>
    public Signal Changed { get; } = new();

    public IReadOnlyList<CastMember> Members { get; private set; } = [];

    public async Task LookAsync(CancellationToken stop)
    {
        Members = await session.Workshop.CastAsync(stop);
        Changed.Send();
    }

    /// <summary>Whose a learned file is, or a model that one was learned into; jobs name it by its id.</summary>
    /// <param name="model">That the request paints with; null for the usual one.</param>
    /// <returns>Null for what is not of this cast.</returns>
    public (CastMember Member, LearnedLook? Learned)? Find(string path, string? model)
    {
        foreach (var member in Members)
        {
            if (path.StartsWith(Mark, StringComparison.Ordinal) && member.Name == path[Mark.Length..])
            {
                return (member, member.Learned.FirstOrDefault(item => item.Model == (model ?? ModelCatalog.Embedded)));
            }

            if (member.Learned.FirstOrDefault(item => item.Id == path) is { } learned)
            {
                return (member, learned);
            }
        }

        return null;
    }

    /// <summary>What people call a learned file, or a model that somebody was learned into.</summary>
    public string NameOf(string path, string? model) => Find(path, model) switch
    {
        (var member, { } learned) => $"{member.Name} ({learned.Method})",
        (var member, null) => member.Name,
        _ => path.StartsWith(Mark, StringComparison.Ordinal) ? path[Mark.Length..] : "no longer known",
    };

    /// <summary>By which method a subject was learned; null for one that was not, or that is not of this cast.</summary>
    public string? MethodOf(Subject subject, string? model) => subject.Learned is [{ Path: var path }, ..] ? Find(path, model)?.Learned?.Method : null;
}
