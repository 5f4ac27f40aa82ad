using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary>How a method learns, whatever it learns: the options that all ways to learn a subject have, and the method's own.</summary>
internal sealed class LearnOptions
{
    private readonly LearnedMethod method;
    private readonly SettingOption[] settings;
    private readonly Option<long> steps;
    private readonly Option<double> rate;
    private readonly Option<int> batch;
    private readonly Option<int?> size = new("--size") { Description = "Pixels a side that pictures are cut to; the model's own when not given." };
    private readonly Option<ulong> seed = UsualOptions.Seed();
    private readonly Option<bool> json = new("--json") { Description = "One JSON object an event on standard output." };
    private readonly Option<string[]> words = new("--word");
    private readonly Option<string[]> starts = new("--initializer");
    private readonly Option<int> prior = new("--prior")
    {
        Description = "Pictures of others of the kind, painted by the model itself at first and kept; 0 is none.",
    };

    private readonly Option<double> priorWeight = new("--prior-weight")
    {
        Description = "How much they count beside the subject.",
        DefaultValueFactory = _ => 1,
    };

    public LearnOptions(LearnedMethod method)
    {
        this.method = method;
        var usual = method.Usual;
        settings = [.. method.Settings.Select(SettingOption.Of)];
        steps = new("--steps") { Description = "Steps (max train steps).", DefaultValueFactory = _ => usual.Steps };
        rate = new("--rate") { Description = "Learning rate (lr).", DefaultValueFactory = _ => usual.LearningRate };
        batch = new("--batch") { Description = "Pictures a step (train batch size).", DefaultValueFactory = _ => usual.Batch };
        prior.DefaultValueFactory = _ => usual.Prior ?? 0;
        prior.Require(NumberRule.NotNegative);
        priorWeight.Require(NumberRule.NotNegative);
        (words.Description, starts.Description) = (method.WordHelp, method.InitializerHelp);
        if (!method.LearnsSeveral)
        {
            Array.ForEach([words, starts], RequireOne);
        }
    }

    /// <param name="subject">Further options that say what is learned.</param>
    /// <param name="run">Further options that say where and with what.</param>
    public void AddTo(GroupedCommand command, IReadOnlyList<Option> subject, IReadOnlyList<Option> run)
    {
        command.Add(
            "Subject",
            [
                .. subject,
                .. method.WordHelp is null ? [] : new[] { words },
                .. method.InitializerHelp is null ? [] : new[] { starts },
                .. method.Usual.Prior is null ? [] : new Option[] { prior, priorWeight },
            ]);
        command.Add("Learning", [steps, rate, batch, size, .. settings.Select(setting => setting.Option)]);
        command.Add("Run", [.. run, seed, json]);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(json);

    /// <summary>The request of all that was given. What was not given is left to the method.</summary>
    /// <param name="subjects">Without words.</param>
    /// <exception cref="InvalidRequestException">There are more words than subjects, or fewer.</exception>
    public LearnRequest Request(ParseResult parsed, IReadOnlyList<LearnSubject> subjects, string model, string output) => new()
    {
        Method = method.Name,
        Model = model,
        Subjects = Named(parsed, subjects),
        Output = output,
        Settings = method.SettingsOf(Given(parsed)),
        Steps = Given(parsed, steps),
        LearningRate = Given(parsed, rate),
        Batch = Given(parsed, batch),
        Resolution = parsed.GetValue(size),
        Seed = parsed.GetValue(seed),
        Prior = Given(parsed, prior),
        PriorWeight = Given(parsed, priorWeight),
    };

    private IReadOnlyList<LearnSubject> Named(ParseResult parsed, IReadOnlyList<LearnSubject> subjects)
    {
        var given = parsed.GetValue(words) ?? [];
        var begins = parsed.GetValue(starts) ?? [];
        var usual = subjects.TakeWhile((subject, i) => method.UsualWord(i, subject.Kind) is not null).Count();
        var count = given.Length > 0 ? given.Length : usual;
        InvalidRequestException.ThrowUnless(
            method.WordHelp is null || count == subjects.Count || subjects.All(subject => subject.Word is not null),
            "--word", $"is {count} words for {subjects.Count} subjects; give one for each.");
        InvalidRequestException.ThrowUnless(
            begins.Length == 0 || begins.Length == subjects.Count,
            "--initializer", $"is {begins.Length} entries for {subjects.Count} subjects; give one for each.");
        return
        [
            .. subjects.Select((subject, i) => subject with
            {
                Word = given.ElementAtOrDefault(i) ?? subject.Word,
                Initializer = begins.ElementAtOrDefault(i),
            }),
        ];
    }

    private static void RequireOne(Option option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 1)
        {
            result.AddError($"Option '{option.Name}' expects a single argument but {result.Tokens.Count} were provided.");
        }
    });

    private Dictionary<string, object> Given(ParseResult parsed) => settings
        .Select(setting => (setting.Setting.Field, Value: setting.Read(parsed)))
        .Where(item => item.Value is not null)
        .ToDictionary(item => item.Field, item => item.Value!);

    private static T? Given<T>(ParseResult parsed, Option<T> option)
        where T : struct => parsed.GetResult(option) is null or { Implicit: true } ? null : parsed.GetValue(option);
}
