using Dramatis.Requests;

namespace Dramatis.Training.Subjects;

/// <summary>A way to learn subjects, with a record of its own for its settings.</summary>
internal abstract class LearnedMethod<TSettings> : LearnedMethod
    where TSettings : LearnSettings, new()
{
    private readonly TSettings usual = new();

    protected LearnedMethod() => Settings =
    [
        .. RequestField.Of(typeof(TSettings)).Where(field => field.Said.Meaning is not null).Select(field => new LearnSetting(field.Name, field.Said.Meaning!)
        {
            Type = field.Type,
            Usual = field.Get(usual),
            Rule = double.IsFinite(field.Said.Above) ? NumberRule.Above(field.Said.Above) : null,
        }),
    ];

    public sealed override IReadOnlyList<LearnSetting> Settings { get; }

    internal sealed override Type SettingsType => typeof(TSettings);

    internal sealed override LearnSettings SettingsOf(IReadOnlyDictionary<string, object> given)
    {
        var settings = new TSettings();
        foreach (var field in RequestField.Of(typeof(TSettings)))
        {
            if (given.TryGetValue(field.Name, out var value))
            {
                field.Set(settings, value);
            }
        }

        return settings;
    }

    internal sealed override SubjectRecipe Begin(LearnContext context, LearnSettings? settings) => Begin(context, settings as TSettings ?? usual);

    protected abstract SubjectRecipe Begin(LearnContext context, TSettings settings);
}
