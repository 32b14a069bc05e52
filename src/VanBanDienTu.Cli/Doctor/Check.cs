using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Doctor;

/// <summary>How one examined thing is.</summary>
internal enum Health
{
    Ok,

    /// <summary>Works, but somebody should look at it.</summary>
    Warning,
    Bad,
}

/// <summary>One examined thing: what was found, and what to do when it is not well.</summary>
internal sealed record Check(string Name, Health Health, string Found, string WhatToDo = "")
{
    public static Check Ok(string name, string found) => new(name, Health.Ok, found);

    public static Check Warn(string name, string found, string whatToDo) => new(name, Health.Warning, found, whatToDo);

    public static Check Bad(string name, string found, string whatToDo) => new(name, Health.Bad, found, whatToDo);

    /// <summary>A check that a problem ended: the problem's own sentence says what to do.</summary>
    public static Check Bad(string name, Exception problem)
    {
        var failure = Failure.Of(problem);
        return new(name, Health.Bad, $"{failure.Vi} / {failure.En}");
    }
}
