namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>One way to falsify a signed document.</summary>
/// <param name="Family">What kind of attack it is, in a word.</param>
/// <param name="Make">The falsified document; null when the sample has nothing to attack that way. The random numbers choose among variants.</param>
internal sealed record Attack(string Family, Func<AttackSample, Random, byte[]?> Make)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Attack> All { get; } = [.. PageAttacks.All, .. DocumentAttacks.All, .. FieldAttacks.All, .. CertificationAttacks.All, .. PermissionAttacks.All, .. SignatureAttacks.All, .. SyntaxAttacks.All];

    /// <summary>One of several.</summary>
    public static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    public override string ToString() => Family;
}
