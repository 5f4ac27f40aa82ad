using Dramatis.Configs;

namespace Dramatis.Training.Subjects;

/// <summary>How several learned subjects come into one picture.</summary>
public enum LearnedTogether
{
    /// <summary>Each brings a file of its own.</summary>
    SideBySide,

    /// <summary>They share a file of weights, into which subjects that were learned apart are merged first.</summary>
    Merged,

    /// <summary>What is learned is a model of its own, so that subjects of one picture are learned together.</summary>
    OneModel,
}

/// <summary>A way to learn subjects: what others need to know of it, and what makes its learner.</summary>
/// <remarks>Methods derive from <see cref="LearnedMethod{TSettings}"/>.</remarks>
public abstract class LearnedMethod
{
    /// <summary>A word that means next to nothing to published models: one subject's, where it is given none.</summary>
    private protected const string RareWord = "sks";

    private protected LearnedMethod()
    {
    }

    /// <summary>In requests.</summary>
    public abstract string Name { get; }

    /// <summary>One line for help texts.</summary>
    public abstract string Summary { get; }

    /// <summary>What holds where a request says nothing.</summary>
    public abstract LearnDefaults Usual { get; }

    /// <summary>Its own settings, as far as command lines have them.</summary>
    public abstract IReadOnlyList<LearnSetting> Settings { get; }

    /// <summary>What a subject's word is to it, in one line; null: subjects are called by their kind alone.</summary>
    public virtual string? WordHelp => null;

    /// <summary>What a subject's initializer is to it, in one line; null: it takes none.</summary>
    public virtual string? InitializerHelp => null;

    /// <summary>Whether one run learns several subjects.</summary>
    public virtual bool LearnsSeveral => true;

    /// <summary>How several of its subjects come into one picture.</summary>
    public virtual LearnedTogether Together => LearnedTogether.SideBySide;

    /// <summary>The file of what is learned, in the folder of the finished model.</summary>
    public abstract string FileName { get; }

    /// <summary>The file beside it that says what it is.</summary>
    public virtual string RecordName => SubjectStage.RecordName;

    /// <summary>The word of a subject that is given none; null: it must be given one, or has none at all.</summary>
    /// <param name="subject">Its number, from 0.</param>
    public virtual string? UsualWord(int subject, string kind) => null;

    /// <summary>The words of prompts that mean a subject.</summary>
    public virtual string PhraseOf(string kind, string word) => $"{word} {kind}";

    /// <summary>How a subject is painted that was learned.</summary>
    /// <param name="folder">Of the finished model.</param>
    /// <param name="phrase">As <see cref="PhraseOf"/> has it, or as <see cref="PhraseIn"/> reads it.</param>
    public abstract LearnedPainting Painted(string folder, string kind, string phrase);

    /// <summary>The words of prompts that mean what was learned into a folder.</summary>
    /// <exception cref="Errors.DramatisException">The record is not there, or damaged.</exception>
    public string PhraseIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return ConfigReader.Load(Path.Combine(folder, RecordName)).Text("phrase");
    }

    /// <summary>Makes one of subjects that were learned apart.</summary>
    /// <returns>What was not done to the letter and why, a sentence each: subjects of the same word are called otherwise.</returns>
    /// <exception cref="NotSupportedException">The method has no need of it: see <see cref="Together"/>.</exception>
    /// <exception cref="Errors.DramatisException">They cannot be merged; nothing was written.</exception>
    public virtual IReadOnlyList<string> Merge(MergeRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{Name} merges nothing.");

    /// <summary>The record of its own settings.</summary>
    internal abstract Type SettingsType { get; }

    /// <summary>Settings that are as usual but for what is given.</summary>
    /// <param name="given">Values by <see cref="LearnSetting.Field"/>.</param>
    internal abstract LearnSettings SettingsOf(IReadOnlyDictionary<string, object> given);

    /// <summary>What it brings to the training that all of them share.</summary>
    /// <exception cref="Errors.InvalidRequestException">The model, or a subject, is none for it.</exception>
    internal abstract SubjectRecipe Begin(LearnContext context, LearnSettings? settings);

    /// <summary>How it is trained, if not as published scripts mostly do.</summary>
    internal virtual TrainerOptions Trained(TrainerOptions usual) => usual;

    private protected static string WordBefore(string usual) =>
        $"Stands before the kind in prompts and means the subject; one for each subject. \"{usual}\" when not given.";
}
