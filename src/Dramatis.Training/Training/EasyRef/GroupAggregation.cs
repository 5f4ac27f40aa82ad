namespace Dramatis.Training.EasyRef;

/// <summary>How the pictures of a group come together: the ablation of EasyRef's paper.</summary>
public enum GroupAggregation
{
    /// <summary>One conversation of all pictures, which a fixed number of tokens sums up.</summary>
    Tokens,

    /// <summary>A conversation of each picture; the mean of their tokens.</summary>
    Average,

    /// <summary>A conversation of each picture; all of their tokens.</summary>
    Joined,
}
