using System.Text;
using VanBanDienTu.Gateway;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.UnitTests.Gateway;

public sealed class NodeConfigFileTests
{
    private const string Digest = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

    private const string Whole = $$"""
        { // a comment is fine
          "node": "ministry", "organ": "G99", "role": "both", "data": "data/ministry",
          "listen": "https://127.0.0.1:7443",
          "tls": { "key": "keys/node.p12", "passwordFile": "password" },
          "evidence": { "key": "keys/evidence.p12", "passwordFile": "password" },
          "trust": { "folder": "trust", "allowSample": true, "revocationHosts": ["127.0.0.1"], "offline": false },
          "organs": [ { "organ": "G99", "name": "Bộ Mẫu", "signing": { "key": "keys/organ.p12", "passwordFile": "password" }, "exemptTypes": ["Phiếu gửi"] } ],
          "members": [ { "organ": "G99", "name": "Bộ Mẫu", "certificates": ["{{Digest}}"], "roles": ["system", "operator"], "locked": false, "validFrom": null, "validTo": null } ],
          "links": [ { "name": "government", "address": "https://127.0.0.1:7444", "peerCertificates": ["{{Digest}}"], "routes": ["*"] } ],
          "retry": { "firstDelay": "00:00:05", "longestDelay": "00:30:00", "horizon": "5.00:00:00" },
        }
        """;

    [Fact]
    public void The_example_of_the_documentation_is_read()
    {
        var config = Parse(Whole);
        Assert.Equal("ministry", config.Node);
        Assert.Equal(NodeRole.Both, config.Role);
        Assert.Equal([MemberRole.System, MemberRole.Operator], config.Members[0].Roles);
        Assert.Equal(Digest.ToLowerInvariant(), config.Members[0].Certificates[0]);
        Assert.Equal(TimeSpan.FromDays(5), config.Retry.Horizon);
        Assert.Equal("/base/keys/node.p12", config.PathOf(config.Tls.Key));
    }

    [Fact]
    public void What_is_written_is_read_back_the_same()
    {
        var json = NodeConfigFile.ToJson(Parse(Whole));
        Assert.Equal(json, NodeConfigFile.ToJson(Parse(json)));
        Assert.Contains("Bộ Mẫu", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_named_at_once_with_its_place()
    {
        var fault = Refusal(Whole
            .Replace("\"node\": \"ministry\"", "\"nodde\": \"ministry\"", StringComparison.Ordinal)
            .Replace("\"both\"", "\"hubb\"", StringComparison.Ordinal)
            .Replace("\"system\", ", "\"sistem\", ", StringComparison.Ordinal)
            .Replace("\"00:00:05\"", "\"soon\"", StringComparison.Ordinal));
        Assert.Equal(GatewayFault.ConfigurationInvalid, fault.Fault);
        Assert.Contains("node: is required", fault.En, StringComparison.Ordinal);
        Assert.Contains("nodde: is not a key", fault.En, StringComparison.Ordinal);
        Assert.Contains("role: \"hubb\" is not one of unit, hub, both", fault.En, StringComparison.Ordinal);
        Assert.Contains("members[0].roles[0]: \"sistem\"", fault.En, StringComparison.Ordinal);
        Assert.Contains("retry.firstDelay: must be a positive time span", fault.En, StringComparison.Ordinal);
        Assert.Contains("members[0].roles[0]: «sistem» không hợp lệ", fault.Vi, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:7443", "http://127.0.0.1:7443", "listen: does not listen without TLS")]
    [InlineData("https://127.0.0.1:7443", "https://example.vn:7443", "listen: must look like https://IP-ADDRESS:PORT")]
    [InlineData("https://127.0.0.1:7444", "http://127.0.0.1:7444", "links[0].address: must look like https://HOST:PORT")]
    [InlineData("\"G99\", \"role\"", "\"G 99\", \"role\"", "organ: \"G 99\" is not an organ id")]
    [InlineData("\"00:30:00\"", "\"00:00:01\"", "retry.firstDelay: must not be longer than longestDelay")]
    [InlineData(Digest, "abc", "members[0].certificates[0]: must be the certificate's SHA-256")]
    public void A_value_that_cannot_be_is_refused(string good, string bad, string sentence) =>
        Assert.Contains(sentence, Refusal(Whole.Replace(good, bad, StringComparison.Ordinal)).En, StringComparison.Ordinal);

    [Fact]
    public void Plaintext_is_for_loopback_and_only_when_told()
    {
        var plain = Whole.Replace("https://127.0.0.1:7443", "http://127.0.0.1:7443", StringComparison.Ordinal)
            .Replace("\"data\":", "\"allowPlaintext\": true, \"data\":", StringComparison.Ordinal);
        Assert.True(Parse(plain).AllowPlaintext);
        Assert.Contains("listen: does not listen without TLS",
            Refusal(plain.Replace("127.0.0.1:7443", "192.0.2.1:7443", StringComparison.Ordinal)).En, StringComparison.Ordinal);
    }

    [Fact]
    public void One_certificate_stands_for_one_member_only()
    {
        var twice = Whole.Replace($"[\"{Digest}\"], \"roles\"", $"[\"{Digest}\", \"{Digest}\"], \"roles\"", StringComparison.Ordinal);
        Assert.Contains("already listed at members[0].certificates[0]", Refusal(twice).En, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_no_JSON_is_refused_with_line_and_column() =>
        Assert.Contains("is not valid JSON (line 2, column", Refusal("{\n oops }").En, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere/node.json", Assert.Throws<GatewayException>(() => NodeConfigFile.Load("/nowhere/node.json")).En, StringComparison.Ordinal);

    private static NodeConfig Parse(string json) => NodeConfigFile.Parse(Encoding.UTF8.GetBytes(json), "/base");

    private static GatewayException Refusal(string json) => Assert.Throws<GatewayException>(() => Parse(json));
}
