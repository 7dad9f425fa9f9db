"""What an AWS call was about."""

import pytest

from data.exchange.cloudtrail_target import target_of
from data.records import Json, Reference

KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/0e5d0ab6"


def target(service: str, name: str, parameters: Json, resources: Json = None) -> Reference | None:
    return target_of({"requestParameters": parameters, "resources": resources}, service, name)


@pytest.mark.parametrize(
    ("kind", "arn", "expected"),
    [
        ("AWS::S3::Bucket", "arn:aws:s3:::papers", ("s3_bucket", "papers")),
        ("AWS::KMS::Key", KEY_ARN, ("kms_key", "0e5d0ab6")),
        ("AWS::IAM::Role", "arn:aws:iam::1:role/path/deploy", ("iam_role", "deploy")),
        ("AWS::RDS::DBInstance", "arn:aws:rds:x:1:db:orders", ("rds_db_instance", "orders")),
        ("AWS::Logs::LogGroup", "arn:aws:logs:x:1:log-group:app:*", ("logs_log_group", "app")),
        ("Thing", "arn:aws:x:::y", ("thing", "y")),
    ],
)
def test_a_resource_with_a_type_comes_first(kind: str, arn: str, expected: tuple[str, str]) -> None:
    resources: Json = [{"ARN": "arn:aws:other:::z"}, {"type": kind, "ARN": arn}]
    assert target("any", "Any", {"bucketName": "b"}, resources) == Reference(expected[0], arn, expected[1])


@pytest.mark.parametrize(
    ("service", "name", "parameters", "expected"),
    [
        ("s3", "CreateBucket", {"bucketName": "b", "Host": "h"}, Reference("s3_bucket", None, "b")),
        ("ec2", "GetPasswordData", {"instanceId": "i-1"}, Reference("ec2_instance", "i-1")),
        ("iam", "AttachRolePolicy", {"policyArn": "arn:aws:iam::aws:policy/p", "roleName": "r"}, ("iam_role", "r")),
        (
            "iam",
            "GetPolicy",
            {"policyArn": "arn:aws:iam::aws:policy/p"},
            Reference("iam_policy", "arn:aws:iam::aws:policy/p", "p"),
        ),
        (
            "rds",
            "CreateDBSnapshot",
            {"dBInstanceIdentifier": "db", "dBSnapshotIdentifier": "s"},
            ("rds_db_snapshot", "s"),
        ),
        (
            "ec2",
            "AssociateRouteTable",
            {"subnetId": "s-1", "routeTableId": "rtb-1"},
            Reference("ec2_route_table", "rtb-1"),
        ),
        ("ssm", "GetParameter", {"name": "/a/b"}, ("ssm_parameter", "/a/b")),
        ("ssm", "GetParameters", {"names": ["/a", "/b"]}, ("ssm_parameter", "/a")),
        ("ssm", "GetDocument", {"name": "d"}, ("ssm_document", "d")),
        ("ssm", "ListTagsForResource", {"resourceType": "Parameter", "resourceId": "/a/b"}, ("ssm_parameter", "/a/b")),
        ("secretsmanager", "CreateSecret", {"name": "s"}, ("secretsmanager_secret", "s")),
        ("secretsmanager", "GetSecretValue", {"secretId": "s"}, ("secretsmanager_secret", "s")),
        ("cloudtrail", "StopLogging", {"name": "t"}, ("cloudtrail_trail", "t")),
        ("cloudtrail", "DescribeTrails", {"trailNameList": ["t"]}, ("cloudtrail_trail", "t")),
        ("rolesanywhere", "CreateTrustAnchor", {"name": "a"}, ("rolesanywhere_trust_anchor", "a")),
        ("lambda", "CreateFunction20150331", {"functionName": "f"}, ("lambda_function", "f")),
        ("iam", "AddUserToGroup", {"groupName": "g"}, ("iam_group", "g")),
        ("ec2", "CreateSecurityGroup", {"groupName": "g", "vpcId": "vpc-1"}, ("ec2_security_group", "g")),
        ("kms", "Encrypt", {"keyId": "alias/aws/ssm"}, ("kms_key", "alias/aws/ssm")),
        (
            "rds",
            "ListTagsForResource",
            {"resourceName": "arn:aws:rds:us-east-1:1:db:orders"},
            Reference("rds_db_instance", "arn:aws:rds:us-east-1:1:db:orders", "orders"),
        ),
        (
            "ec2",
            "TerminateInstances",
            {"instancesSet": {"items": [{"instanceId": "i-1"}]}},
            Reference("ec2_instance", "i-1"),
        ),
        ("ec2", "DescribeVpcClassicLink", {"vpcSet": {"item": [{"vpcId": "vpc-1"}]}}, Reference("ec2_vpc", "vpc-1")),
        ("ssm", "SendCommand", {"documentName": "d", "instanceIds": ["i-1"]}, Reference("ec2_instance", "i-1")),
        (
            "ec2",
            "DescribeNatGateways",
            {"DescribeNatGatewaysRequest": {"NatGatewayId": {"tag": 1, "content": "nat-1"}}},
            Reference("ec2_nat_gateway", "nat-1"),
        ),
        (
            "ec2",
            "DescribeVpcClassicLinkDnsSupport",
            {"DescribeVpcClassicLinkDnsSupportRequest": {"VpcIds": {"tag": 1, "content": "vpc-1"}}},
            Reference("ec2_vpc", "vpc-1"),
        ),
        (
            "ec2",
            "CreateFlowLogs",
            {"CreateFlowLogsRequest": {"ResourceType": "VPC", "ResourceId": {"tag": 1, "content": "vpc-1"}}},
            Reference("ec2_vpc", "vpc-1"),
        ),
    ],
)
def test_else_the_most_telling_parameter(
    service: str, name: str, parameters: Json, expected: Reference | tuple[str, str]
) -> None:
    wanted = expected if isinstance(expected, Reference) else Reference(expected[0], name=expected[1])
    assert target(service, name, parameters) == wanted


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        "x",
        [],
        {},
        {"maxResults": 10},
        {"bucketName": ""},
        {"bucketName": {"a": 1}},
        {"instanceIds": []},
        {"instancesSet": {}},
        {"instancesSet": {"items": [3]}},
        {"filterSet": {"items": [{"name": "vpc-id", "valueSet": {"items": [{"value": "vpc-1"}]}}]}},
    ],
)
def test_a_call_that_names_nothing_has_no_target(parameters: Json) -> None:
    assert target("ec2", "DescribeThings", parameters) is None


@pytest.mark.parametrize("resources", ["x", {}, [1], [{"type": 1, "ARN": "a"}], [{"type": "AWS::S3::Bucket"}]])
def test_resources_that_are_none_are_passed_over(resources: Json) -> None:
    assert target("s3", "GetBucketAcl", {"bucketName": "b"}, resources) == Reference("s3_bucket", None, "b")
