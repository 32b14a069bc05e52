using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Lint;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Gateway.Config;

/// <summary>What must hold between levels, timestamp authorities and the places that are asked about revocation.</summary>
internal static class SigningRules
{
    public static void Check(NodeConfig config, List<ConfigProblem> problems)
    {
        for (var i = 0; i < config.Trust.RevocationRewrites.Count; i++)
            if (UrlRewrite.Parse(config.Trust.RevocationRewrites[i]) is null)
                problems.Add(new($"trust.revocationRewrites[{i}]", "phải có dạng ĐẦU-CŨ=ĐẦU-MỚI, ví dụ http://ocsp.noi-bo=http://ocsp.ca.gov.vn",
                    "must be FROM=TO, for example http://ocsp.intern=http://ocsp.ca.gov.vn"));
        if (config.Timestamps is not { } stamps)
            return;
        if (stamps.Authorities.Count == 0)
            problems.Add(new("timestamps.authorities", "phải có ít nhất một máy chủ cấp dấu thời gian", "must name at least one timestamp authority"));
        for (var i = 0; i < stamps.Authorities.Count; i++)
            if (!Uri.TryCreate(stamps.Authorities[i], UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                problems.Add(new($"timestamps.authorities[{i}]", "phải là địa chỉ http hoặc https", "must be an http or https address"));
    }

    public static void CheckLint(IReadOnlyList<string> words, string path, List<ConfigProblem> problems)
    {
        try
        {
            LintPolicy.Parse(words);
        }
        catch (SigningException e)
        {
            problems.Add(new(path, e.Vietnamese, e.Message));
        }
    }

    public static void CheckLevel(string name, string path, NodeConfig config, List<ConfigProblem> problems)
    {
        if (BaselineLevels.Parse(name) is not { } level)
            problems.Add(new(path, $"«{name}» không phải mức chữ ký; chọn một trong: {string.Join(", ", BaselineLevels.All)}",
                $"\"{name}\" is not a level; choose one of {string.Join(", ", BaselineLevels.All)}"));
        else if (level > BaselineLevel.Basic && config.Timestamps is null)
            problems.Add(new(path, $"mức {name} cần máy chủ cấp dấu thời gian: hãy thêm timestamps.authorities",
                $"the level {name} needs timestamp authorities: add timestamps.authorities"));
        else if (level >= BaselineLevel.LongTerm && config.Trust.Offline)
            problems.Add(new(path, $"mức {name} cần hỏi OCSP hoặc CRL: hãy bỏ trust.offline", $"the level {name} needs OCSP or CRL: remove trust.offline"));
    }
}
