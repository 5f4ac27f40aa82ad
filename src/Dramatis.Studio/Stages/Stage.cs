using Dramatis.Requests;

namespace Dramatis.Studio.Stages;

/// <summary>What is being composed: a request, and the colours and locks of its subjects. Immutable.</summary>
public sealed record Stage
{
    private const double NewSide = .4;
    private const double Shift = .04;

    public static Stage Empty { get; } = new();

    /// <summary>All of the request but its subjects.</summary>
    public GenerationRequest Order { get; init; } = new() { Prompt = "" };

    public IReadOnlyList<Actor> Actors { get; init => field = new ValueList<Actor>(value); } = ValueList<Actor>.Empty;

    public GenerationRequest Request => Order with { Subjects = [.. Actors.Select(actor => actor.Subject)] };

    public bool IsEmpty => Actors.Count == 0 && Order.Prompt.Length == 0 && Order.Image is null;

    /// <summary>The stage of a request, each subject in the next colour.</summary>
    public static Stage Of(GenerationRequest request) => new()
    {
        Order = request with { Subjects = [] },
        Actors = [.. request.Subjects.Select((subject, i) => new Actor(subject, i))],
    };

    /// <summary>A subject more, and its words in the prompt, if it has some.</summary>
    public Stage Add(Subject subject)
    {
        var added = Enter(subject);
        return subject.Phrase.Length == 0 ? added : added with { Order = Order with { Prompt = Mention(Order.Prompt, subject.Phrase) } };
    }

    /// <summary>A subject more, which the prompt speaks of already.</summary>
    public Stage Enter(Subject subject) => this with { Actors = [.. Actors, new(subject, FreeColour())] };

    /// <summary>Where the actor of a colour stands now; null where it has gone.</summary>
    public int? IndexOf(int colour) => Actors.Index().Where(actor => actor.Item.Colour == colour).Select(actor => (int?)actor.Index).FirstOrDefault();

    /// <summary>With an actor's words in the prompt.</summary>
    public Stage Mention(int index) => Has(index) ? this with { Order = Order with { Prompt = Mention(Order.Prompt, Actors[index].Subject.Phrase.Trim()) } } : this;

    public Stage Remove(int index) => this with { Actors = [.. Actors.Where((_, i) => i != index)] };

    /// <summary>The same once more, a little aside.</summary>
    public Stage Duplicate(int index)
    {
        if (!Has(index))
        {
            return this;
        }

        var actor = Actors[index];
        var subject = actor.Subject with { Place = actor.Subject.Place is { } place ? Places.Moved(place, Shift, Shift) : null };
        return Add(subject);
    }

    public Stage With(int index, Func<Actor, Actor> change) =>
        this with { Actors = [.. Actors.Select((actor, i) => i == index ? change(actor) : actor)] };

    public Stage WithSubject(int index, Func<Subject, Subject> change) => With(index, actor => actor with { Subject = change(actor.Subject) });

    /// <summary>Other words for an actor, in the prompt too; the first words of one that had none are added to it.</summary>
    public Stage Rename(int index, string phrase)
    {
        if (!Has(index))
        {
            return this;
        }

        var old = Actors[index].Subject.Phrase.Trim();
        var renamed = WithSubject(index, subject => subject with { Phrase = phrase });
        return phrase.Length == 0 ? renamed
            : old.Length > 0 && Order.Prompt.Contains($"{{{old}}}", StringComparison.OrdinalIgnoreCase)
                ? renamed with { Order = Order with { Prompt = Replaced(Order.Prompt, $"{{{old}}}", $"{{{phrase}}}") } }
            : renamed.Mention(index);
    }

    /// <summary>A box instead of whatever place there was.</summary>
    public Stage Place(int index, Box? box) => WithSubject(index, subject => subject with { Place = box, PlaceMask = null });

    /// <summary>In another place of the order.</summary>
    public Stage Move(int from, int to)
    {
        if (!Has(from))
        {
            return this;
        }

        var actors = Actors.ToList();
        var actor = actors[from];
        actors.RemoveAt(from);
        actors.Insert(Math.Clamp(to, 0, actors.Count), actor);
        return this with { Actors = actors };
    }

    /// <summary>A place for a picture that falls at a point, of the picture's shape.</summary>
    /// <param name="shape">Width to height of the subject's picture.</param>
    /// <param name="ratio">Width to height of what is painted.</param>
    public static Box Around(double x, double y, double shape, double ratio)
    {
        var (width, height) = shape >= ratio ? (NewSide, NewSide * ratio / shape) : (NewSide * shape / ratio, NewSide);
        return Places.Inside(new(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2)));
    }

    /// <summary>Whether an actor is there: a hand may be quicker than what it sees.</summary>
    public bool Has(int index) => index >= 0 && index < Actors.Count;

    private static string Replaced(string text, string old, string now)
    {
        var at = text.IndexOf(old, StringComparison.OrdinalIgnoreCase);
        return $"{text[..at]}{now}{text[(at + old.Length)..]}";
    }

    private static string Mention(string prompt, string phrase)
    {
        var text = prompt.TrimEnd();
        var article = "aeiouAEIOU".Contains(phrase[0], StringComparison.Ordinal) ? "an" : "a";
        var words = $"{article} {{{phrase}}}";
        return text.Contains($"{{{phrase}}}", StringComparison.OrdinalIgnoreCase) ? $"{text} and another {{{phrase}}}"
            : text.Contains(phrase, StringComparison.OrdinalIgnoreCase) ? prompt
            : text.Length == 0 ? words
            : $"{text} and {words}";
    }

    private int FreeColour() => Enumerable.Range(0, ActorColours.Count).FirstOrDefault(colour => Actors.All(actor => actor.Colour != colour), Actors.Count);
}
