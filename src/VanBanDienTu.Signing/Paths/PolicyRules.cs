using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Paths;

/// <summary>
/// Certificate policies of RFC 5280 section 6.1 with any-policy as the user's set. Only one thing can fail then: a policy is
/// required and none is common to the path. So the policy tree is kept as the set of its lowest level.
/// </summary>
internal static class PolicyRules
{
    private const string Any = CertificateOids.AnyPolicy;

    public static PathFailure? Judge(IReadOnlyList<Certificate> path)
    {
        if (AsksForNothing(path))
            return null;
        var count = path.Count - 1; // the anchor is not processed
        int requireExplicit = count + 1, inhibitMapping = count + 1, inhibitAny = count + 1;
        var valid = new HashSet<string>(StringComparer.Ordinal) { Any };
        for (var i = count - 1; i >= 0; i--)
        {
            var certificate = path[i];
            var policies = certificate.Extensions.Policies;
            var isLeaf = i == 0;
            valid = Next(valid, policies, inhibitAny > 0 || (!isLeaf && certificate.IsSelfIssued));
            if (requireExplicit == 0 && valid.Count == 0)
                return PathFailures.Policy(certificate);
            if (isLeaf)
            {
                // RFC 5280 section 6.1.5: the leaf counts down once more, and may itself require a policy.
                var required = requireExplicit <= 1 || policies.RequireExplicit == 0;
                return required && valid.Count == 0 ? PathFailures.Policy(certificate) : null;
            }
            if (policies.Mappings.Any(m => m.Issuer is Any || m.Subject is Any))
                return PathFailures.Policy(certificate);
            Map(valid, policies, inhibitMapping > 0);
            if (!certificate.IsSelfIssued)
            {
                requireExplicit = Math.Max(0, requireExplicit - 1);
                inhibitMapping = Math.Max(0, inhibitMapping - 1);
                inhibitAny = Math.Max(0, inhibitAny - 1);
            }
            requireExplicit = Math.Min(requireExplicit, policies.RequireExplicit ?? int.MaxValue);
            inhibitMapping = Math.Min(inhibitMapping, policies.InhibitMapping ?? int.MaxValue);
            inhibitAny = Math.Min(inhibitAny, policies.InhibitAny ?? int.MaxValue);
        }
        return null;
    }

    // Unless some certificate requires a policy or maps one to another, none can be missing.
    private static bool AsksForNothing(IReadOnlyList<Certificate> path)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (path[i].Extensions.Policies is { RequireExplicit: not null } or { Mappings.Count: > 0 })
                return false;
        }
        return true;
    }

    private static HashSet<string> Next(HashSet<string> expected, CertificatePolicies certificate, bool anyAllowed)
    {
        var next = new HashSet<string>(StringComparer.Ordinal);
        if (certificate.Policies is null)
            return next;
        foreach (var policy in certificate.Policies)
        {
            if (string.Equals(policy, Any, StringComparison.Ordinal))
            {
                if (anyAllowed)
                    next.UnionWith(expected);
            }
            else if (expected.Contains(policy) || expected.Contains(Any))
            {
                next.Add(policy);
            }
        }
        return next;
    }

    private static void Map(HashSet<string> valid, CertificatePolicies certificate, bool allowed)
    {
        foreach (var group in certificate.Mappings.GroupBy(m => m.Issuer, StringComparer.Ordinal))
        {
            var had = valid.Remove(group.Key) || (allowed && valid.Contains(Any));
            if (allowed && had)
                valid.UnionWith(group.Select(m => m.Subject));
        }
    }
}
